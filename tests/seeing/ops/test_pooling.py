"""Max pooling with indices and its unpooling, against torch, against slow loops and against the lecture's numbers."""

import contextlib
import itertools

import pytest
import torch
import torch.nn.functional as F

from seeing.kernels import reference
from seeing.ops import max_pool2d_with_indices, max_unpool2d
from tests.reference import upsampling as slow

X = torch.tensor([[120.0, 150, 120], [100, 50, 110], [25, 25, 10]])[None]

# (kernel, stride, padding, dilation)
WINDOWS = [
    (2, None, 0, 1),
    (3, 2, 1, 1),
    ((2, 3), (1, 2), (1, 0), 1),
    (2, 1, 0, (2, 3)),
    ((3, 1), (3, 1), (1, 0), (2, 1)),
    ((4, 3), 5, (2, 1), 1),
]


@pytest.fixture(autouse=True, params=["fast", "reference"])
def server(request):
    with reference() if request.param == "reference" else contextlib.nullcontext():
        yield request.param


def same(got: torch.Tensor, wanted: torch.Tensor) -> bool:
    return got.shape == wanted.shape and torch.equal(got.nan_to_num(7, 8, 9), wanted.nan_to_num(7, 8, 9))


def test_the_lectures_pooling_by_hand():
    maxima, indices = max_pool2d_with_indices(X, 2, stride=1)
    assert maxima.tolist() == [[[150, 150], [100, 110]]]
    assert indices.tolist() == [[[1, 1], [3, 5]]]


def test_the_lectures_unpooling_sums_where_torch_overwrites():
    maxima, indices = max_pool2d_with_indices(X, 2, stride=1)
    assert max_unpool2d(maxima, indices, 2, stride=1).tolist() == [[[0, 300, 0], [100, 0, 110], [0, 0, 0]]]
    assert F.max_unpool2d(maxima, indices, 2, stride=1).tolist() == [[[0, 150, 0], [100, 0, 110], [0, 0, 0]]]


@pytest.mark.parametrize("ceil_mode", [False, True])
@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_pooling_equals_torch(window, dtype, ceil_mode):
    kernel, stride, padding, dilation = window
    # Small whole numbers: many ties, so that the order in which pixels are compared shows.
    x = torch.randint(-3, 4, (2, 3, 9, 11), generator=torch.Generator().manual_seed(0)).to(dtype)
    wanted = F.max_pool2d(x, kernel, stride, padding, dilation, ceil_mode=ceil_mode, return_indices=True)
    got = max_pool2d_with_indices(x, kernel, stride, padding, dilation, ceil_mode)
    assert same(got[0], wanted[0])
    assert torch.equal(got[1], wanted[1])


@pytest.mark.parametrize("window", [(3, 1, 1), (2, 2, 0), (2, 3, 1), ((1, 3), (2, 2), (0, 1))], ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_pooling_equals_torch_on_nan_and_infinity(window, dtype):
    x = torch.randn(1, 3, 8, 9, generator=torch.Generator().manual_seed(1)).to(dtype)
    x[0, 0, ::3, ::2] = torch.nan
    x[0, 1] = -torch.inf
    x[0, 2, 1:4, 1:4] = torch.nan
    x[0, 2, 6, 6] = torch.inf
    wanted = F.max_pool2d(x, *window, return_indices=True)
    got = max_pool2d_with_indices(x, *window)
    assert same(got[0], wanted[0])
    assert torch.equal(got[1], wanted[1])


@pytest.mark.parametrize(("size", "kernel", "stride"), list(itertools.product([5, 8], [1, 2, 3], [1, 2, 3])))
def test_pooling_and_unpooling_equal_the_slow_loops(size, kernel, stride):
    x = torch.randn(size, size + 1, generator=torch.Generator().manual_seed(size + kernel))
    wanted, places = slow.max_pool2d(x, kernel, stride)
    maxima, indices = max_pool2d_with_indices(x[None], kernel, stride)
    assert torch.equal(maxima[0], wanted)
    assert torch.equal(indices[0], places)
    back = max_unpool2d(maxima, indices, kernel, stride, output_size=x.shape)
    torch.testing.assert_close(back[0], slow.max_unpool2d(wanted, places, x.shape))


@pytest.mark.parametrize(("kernel", "size"), [(2, 8), (3, 9), ((2, 3), 12)])
def test_unpooling_equals_torch_where_windows_do_not_overlap(kernel, size):
    x = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(2))
    maxima, indices = max_pool2d_with_indices(x, kernel)
    assert torch.equal(max_unpool2d(maxima, indices, kernel), F.max_unpool2d(maxima, indices, kernel))


@pytest.mark.parametrize("asked", [(7, 7), (8, 7), (1, 2, 8, 8), (9, 9)])
def test_output_size_brings_back_the_rows_that_pooling_forgot(asked):
    x = torch.randn(1, 2, *asked[-2:], generator=torch.Generator().manual_seed(3))
    maxima, indices = max_pool2d_with_indices(x, 3, 2, 1)
    got = max_unpool2d(maxima, indices, 3, 2, 1, output_size=asked)
    assert got.shape[-2:] == x.shape[-2:]
    assert got.shape == F.max_unpool2d(maxima, indices, 3, 2, 1, output_size=asked).shape


@pytest.mark.parametrize("window", WINDOWS[:3], ids=str)
def test_unpooling_is_the_transpose_of_pooling(window):
    kernel, stride, padding, _ = window
    generator = torch.Generator().manual_seed(4)
    x = torch.randn(2, 3, 9, 12, generator=generator, dtype=torch.float64, requires_grad=True)
    maxima, indices = max_pool2d_with_indices(x, kernel, stride, padding)
    y = torch.randn(maxima.shape, generator=generator, dtype=torch.float64)
    (gradient,) = torch.autograd.grad((maxima * y).sum(), x)
    back = max_unpool2d(y, indices, kernel, stride, padding, output_size=(9, 12))
    torch.testing.assert_close(back, gradient, rtol=0, atol=1e-12)


def test_gradients():
    generator = torch.Generator().manual_seed(5)
    x = torch.randperm(2 * 5 * 6, generator=generator).double().view(1, 2, 5, 6).requires_grad_()
    assert torch.autograd.gradcheck(lambda t: max_pool2d_with_indices(t, 3, 2, 1)[0], x)
    maxima, indices = max_pool2d_with_indices(x.detach(), 2, 1)
    assert torch.autograd.gradcheck(lambda t: max_unpool2d(t, indices, 2, 1), maxima.requires_grad_())


def test_gradients_of_second_order():
    generator = torch.Generator().manual_seed(6)
    x = torch.randperm(30, generator=generator).double().view(1, 5, 6).div(10).requires_grad_()
    assert torch.autograd.gradgradcheck(lambda t: max_pool2d_with_indices(t, 3, 2, 1)[0].sin(), x)
    maxima, indices = max_pool2d_with_indices(x.detach(), 2, 1)
    assert torch.autograd.gradgradcheck(lambda t: max_unpool2d(t, indices, 2, 1).sin(), maxima.requires_grad_())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_inputs_with_gaps_are_read_as_they_lie(dtype):
    x = torch.randn(2, 6, 8, 16, generator=torch.Generator().manual_seed(7)).to(dtype)[:, ::2, :, ::2]
    wanted = F.max_pool2d(x, 2, return_indices=True)
    got = max_pool2d_with_indices(x, 2)
    assert all(torch.equal(a, b) and a.dtype == b.dtype for a, b in zip(got, wanted, strict=True))
    values = got[0].transpose(2, 3).contiguous().transpose(2, 3)
    assert torch.equal(max_unpool2d(values, got[1], 2), F.max_unpool2d(*wanted, 2))


def test_the_indices_are_integers_without_a_gradient():
    maxima, indices = max_pool2d_with_indices(X.clone().requires_grad_(), 2)
    assert maxima.requires_grad
    assert not indices.requires_grad


def test_both_compile_without_a_break():
    def there_and_back(x):
        maxima, indices = max_pool2d_with_indices(x * 2, 3, 2, 1)
        return max_unpool2d(maxima, indices, 3, 2, 1, output_size=x.shape)

    x = torch.randn(2, 3, 8, 9, generator=torch.Generator().manual_seed(8))
    got = torch.compile(there_and_back, backend="aot_eager", fullgraph=True)(x)
    torch.testing.assert_close(got, there_and_back(x))


def test_an_empty_batch_and_a_single_pixel():
    maxima, indices = max_pool2d_with_indices(torch.zeros(0, 3, 4, 4), 2)
    assert maxima.shape == indices.shape == (0, 3, 2, 2)
    assert max_unpool2d(maxima, indices, 2).shape == (0, 3, 4, 4)
    maxima, indices = max_pool2d_with_indices(torch.full((1, 1, 1), -5.0), 1)
    assert (maxima.item(), indices.item()) == (-5, 0)
    assert max_unpool2d(maxima, indices, 1).tolist() == [[[-5]]]


def test_a_window_without_a_pixel_says_so():
    """Taps 2 apart around a 1-pixel image: both fall beside it."""
    maxima, indices = max_pool2d_with_indices(torch.ones(1, 1, 1), 2, 1, padding=1, dilation=2)
    assert (maxima.item(), indices.item()) == (-torch.inf, -1)
    x = torch.ones(1, 1, 1, requires_grad=True)
    assert torch.autograd.grad(max_pool2d_with_indices(x, 2, 1, padding=1, dilation=2)[0].sum(), x)[0].item() == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: max_pool2d_with_indices(torch.zeros(4, 4), 2), r"\(C, H, W\) or \(N, C, H, W\); got .*\(4, 4\)"),
        (lambda: max_pool2d_with_indices(torch.zeros(1, 4, 4, dtype=torch.int64), 2), "floating point.*int64"),
        (lambda: max_pool2d_with_indices(X, 4), "does not fit into 3 pixels"),
        (lambda: max_pool2d_with_indices(X, 2, padding=2), r"at most half of kernel_size \(2, 2\)"),
        (lambda: max_pool2d_with_indices(X, 2, stride=0), "stride must be .* at least 1; got 0"),
        (lambda: max_pool2d_with_indices(X, (1, 2, 3)), "kernel_size must be an int or two ints"),
        (lambda: max_unpool2d(X, torch.zeros(1, 3, 3), 2), "indices must be int64"),
        (lambda: max_unpool2d(X, torch.zeros(1, 2, 2).long(), 2), r"shaped as x, \(1, 3, 3\)"),
        (lambda: max_unpool2d(X, torch.zeros(1, 3, 3).long().to("meta"), 2), "on x's device, cpu; got meta"),
        (lambda: max_unpool2d(X, torch.full((1, 3, 3), 36), 2), r"0\.\.35 for an output of 6x6; got 36\.\.36"),
        (lambda: max_unpool2d(X, torch.full((1, 3, 3), -1), 2), r"got -1\.\.-1"),
        (lambda: max_unpool2d(X, torch.zeros(1, 3, 3).long(), 2, output_size=(9, 6)), r"away from \(6, 6\).*\(9, 6\)"),
        (lambda: max_unpool2d(X, torch.zeros(1, 3, 3).long(), 2, output_size=(6,)), "output_size must be"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
