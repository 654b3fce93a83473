"""Shift-and-stitch, against the same network with every stride 1 and its later windows dilated."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from seeing.ops.shift_and_stitch import shift_and_stitch


def dense_twin(network: nn.Sequential) -> nn.Sequential:
    """The network without strides: each layer after a stride s has its window dilated s times as much."""
    layers, dilation = [], 1
    for layer in network:
        if isinstance(layer, nn.Conv2d):
            twin = nn.Conv2d(
                layer.in_channels, layer.out_channels, layer.kernel_size, dilation=dilation, dtype=torch.float64
            )
            twin.load_state_dict(layer.state_dict())
            dilation *= layer.stride[0]
        elif isinstance(layer, nn.MaxPool2d):
            twin = nn.MaxPool2d(layer.kernel_size, stride=1, dilation=dilation)
            dilation *= layer.stride
        else:
            twin = layer
        layers.append(twin)
    return nn.Sequential(*layers)


def conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    torch.manual_seed(inputs + outputs)
    return nn.Conv2d(inputs, outputs, kernel, stride, dtype=torch.float64)


NETWORKS = {
    1: nn.Sequential(conv(3, 4, 3)),
    2: nn.Sequential(conv(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), conv(4, 2, 2)),
    3: nn.Sequential(conv(3, 4, 4, stride=3), nn.Tanh(), conv(4, 2, 1)),
    4: nn.Sequential(conv(3, 4, 3), nn.MaxPool2d(3, 2), conv(4, 4, 3), nn.ReLU(), nn.MaxPool2d(2), conv(4, 5, 2)),
}


@torch.no_grad()
@pytest.mark.parametrize("stride", NETWORKS)
@pytest.mark.parametrize("size", [(23, 23), (24, 29)])
def test_equals_the_dilated_network(stride, size):
    net = NETWORKS[stride]
    image = torch.randn(2, 3, *size, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    coarse, got = net(image), shift_and_stitch(net, image, stride)
    rows, columns = (stride * n for n in coarse.shape[2:])
    assert got.shape == (2, coarse.shape[1], rows, columns)
    assert torch.equal(got[..., ::stride, ::stride], coarse)
    whole = dense_twin(net)(F.pad(image, (0, stride - 1, 0, stride - 1)))
    torch.testing.assert_close(got, whole[..., :rows, :columns], rtol=0, atol=1e-12)


def test_by_hand():
    """Every second of five pixels, taken by a network that only steps: stitched, all of them and one zero."""
    image = torch.arange(1.0, 6).view(1, 1, 1, 5)
    got = shift_and_stitch(lambda x: x[..., ::2], image, (1, 2))
    assert got.tolist() == [[[[1, 2, 3, 4, 5, 0]]]]


def test_a_stride_for_each_direction_and_an_empty_batch():
    image = torch.randn(1, 2, 6, 9, generator=torch.Generator().manual_seed(2))
    assert torch.equal(shift_and_stitch(lambda x: x[..., ::2, ::3], image, (2, 3)), image)
    assert shift_and_stitch(lambda x: x[..., ::2, ::3], image[:0], (2, 3)).shape == (0, 2, 6, 9)


def test_the_gradient_reaches_the_image():
    image = torch.randn(1, 1, 4, 4, dtype=torch.float64, requires_grad=True)
    net = conv(1, 1, 2, stride=2)
    assert torch.autograd.gradcheck(lambda x: shift_and_stitch(net, x, 2), image)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shift_and_stitch(nn.Identity(), torch.zeros(3, 4, 4), 2), r"\(N, C, H, W\); got \(3, 4, 4\)"),
        (lambda: shift_and_stitch(nn.Identity(), torch.zeros(1, 3, 4, 4), 0), "stride must be .* at least 1"),
        (lambda: shift_and_stitch(nn.Flatten(), torch.zeros(1, 3, 4, 4), 2), r"\(N, K, h, w\); got \(1, 48\)"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
