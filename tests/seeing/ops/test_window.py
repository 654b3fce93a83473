"""Output sizes against what torch's layers really produce."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from seeing.ops import conv_output_size, conv_transpose_output_size

GRID = list(itertools.product([5, 6, 7], [1, 2, 3], [1, 2, 3], [0, 1], [1, 2]))  # n, k, s, p, d


@pytest.mark.parametrize(("n", "k", "s", "p", "d"), GRID)
def test_sizes_equal_torchs(n, k, s, p, d):
    x, weight = torch.zeros(1, 1, n, n), torch.zeros(1, 1, k, k)
    assert conv_output_size(n, k, s, p, d) == F.conv2d(x, weight, None, s, p, d).shape[-1]
    extra = s - 1
    wanted = F.conv_transpose2d(x, weight, None, s, p, extra, 1, d).shape[-1]
    assert conv_transpose_output_size(n, k, s, p, extra, d) == wanted


@pytest.mark.parametrize(("n", "k", "s", "p", "d"), GRID)
def test_the_transposed_size_undoes_the_size_up_to_the_floor(n, k, s, p, d):
    lost = n - conv_transpose_output_size(conv_output_size(n, k, s, p, d), k, s, p, 0, d)
    assert 0 <= lost < s


def test_by_hand():
    assert conv_output_size(572, 3) == 570
    assert conv_output_size(7, 2, 2) == conv_output_size(6, 2, 2) == 3
    assert conv_transpose_output_size(3, 2, 2) == 6
    assert conv_transpose_output_size(3, 2, 2, output_padding=1) == 7


def test_a_window_that_does_not_fit():
    with pytest.raises(ValueError, match=r"reaches 5 pixels \(kernel 3, dilation 2\) does not fit into 4"):
        conv_output_size(4, 3, dilation=2)
    with pytest.raises(ValueError, match="the output would be 0 pixels long"):
        conv_transpose_output_size(1, 2, padding=1)
