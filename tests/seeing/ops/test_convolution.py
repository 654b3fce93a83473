"""Convolution and its transpose, against torch, against slow loops and against the lecture's numbers."""

import contextlib
import itertools

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from seeing.kernels import reference
from seeing.ops import bilinear_kernel, conv2d, conv_transpose2d, linear_to_conv
from seeing.ops.window import pair
from tests.reference import upsampling as slow

X = torch.tensor([[120.0, 150, 120], [100, 50, 110], [25, 25, 10]])
K = torch.tensor([[1.0, -1], [2, -2]])
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-12}

# kernel, stride, padding, dilation, groups
SETTINGS = [
    ((3, 3), 1, 0, 1, 1),
    ((3, 2), 2, 1, 1, 1),
    ((2, 4), (2, 3), (1, 2), (3, 1), 1),
    ((3, 3), 1, 1, 2, 2),
    ((1, 1), (3, 1), 0, 1, 4),
]


@pytest.fixture(autouse=True, params=["fast", "reference"])
def server(request):
    with reference() if request.param == "reference" else contextlib.nullcontext():
        yield request.param


def random(*shape: int, dtype: torch.dtype = torch.float64, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def test_the_lectures_stamps_by_hand():
    first = conv_transpose2d(X[:1, :1][None], K[None, None])
    assert first.tolist() == [[[120, -120], [240, -240]]]
    first_two = conv_transpose2d(X[:1, :2][None], K[None, None])
    assert first_two[0, 0].tolist() == [120, -120 + 150, -150]
    assert conv_transpose2d(X[None], K[None, None]).tolist() == [
        [[120, 30, -30, -120], [340, 10, 0, -350], [225, -100, 105, -230], [50, 0, -30, -20]]
    ]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("with_bias", [False, True])
def test_conv2d_equals_torch(setting, dtype, with_bias):
    kernel, stride, padding, dilation, groups = setting
    x, weight = random(2, 4, 9, 11, dtype=dtype), random(8, 4 // groups, *kernel, dtype=dtype, seed=1)
    bias = random(8, dtype=dtype, seed=2) if with_bias else None
    got = conv2d(x, weight, bias, stride, padding, dilation, groups)
    wanted = F.conv2d(x, weight, bias, stride, padding, dilation, groups)
    torch.testing.assert_close(got, wanted, rtol=0, atol=TOLERANCE[dtype])


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("kernel", [(3, 3), (2, 4)])
def test_conv2d_takes_padding_by_name(padding, kernel):
    x, weight = random(2, 3, 6, 7), random(5, 3, *kernel)
    dilation = 2 if padding == "same" else 1
    got = conv2d(x, weight, padding=padding, dilation=dilation)
    wanted = F.conv2d(x, weight, padding=padding, dilation=dilation)
    torch.testing.assert_close(got, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("output_padding", [0, (1, 0), (1, 2)])
def test_conv_transpose2d_equals_torch(setting, dtype, output_padding):
    kernel, stride, padding, dilation, groups = setting
    x, weight = random(2, 4, 5, 6, dtype=dtype), random(4, 8 // groups, *kernel, dtype=dtype, seed=1)
    bias = random(8, dtype=dtype, seed=2)
    arguments = (x, weight, bias, stride, padding, output_padding, groups, dilation)
    if torch_refuses(output_padding, stride, dilation):
        with pytest.raises(ValueError, match="output_padding must be less than"):
            conv_transpose2d(*arguments)
        with pytest.raises(RuntimeError, match="output padding must be smaller"):
            F.conv_transpose2d(*arguments)
    else:
        wanted = F.conv_transpose2d(*arguments)
        torch.testing.assert_close(conv_transpose2d(*arguments), wanted, rtol=0, atol=TOLERANCE[dtype])


def torch_refuses(output_padding, stride, dilation) -> bool:
    extra, step, spread = (pair(v, "", 0) for v in (output_padding, stride, dilation))
    return any(e >= max(s, d) for e, s, d in zip(extra, step, spread, strict=True))


@pytest.mark.parametrize(("stride", "height", "width"), list(itertools.product([1, 2, 3], [1, 2, 3], [1, 3])))
def test_both_equal_the_slow_loops(stride, height, width):
    weight, x = random(height, width), random(7, 8, seed=1)
    torch.testing.assert_close(conv2d(x[None], weight[None, None], stride=stride)[0], slow.conv2d(x, weight, stride))
    torch.testing.assert_close(
        conv_transpose2d(x[None], weight[None, None], stride=stride)[0], slow.conv_transpose2d(x, weight, stride)
    )


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_each_is_the_transpose_of_the_other(setting):
    kernel, stride, padding, dilation, groups = setting
    a, weight = random(2, 4, 9, 11), random(8, 4 // groups, *kernel, seed=1)
    image = conv2d(a, weight, None, stride, padding, dilation, groups)
    b = random(*image.shape, seed=2)
    bare = conv_transpose2d(b, weight, None, stride, padding, 0, groups, dilation)
    spare = [n - m for n, m in zip(a.shape[2:], bare.shape[2:], strict=True)]
    back = conv_transpose2d(b, weight, None, stride, padding, spare, groups, dilation)
    torch.testing.assert_close((image * b).sum(), (a * back).sum(), rtol=1e-12, atol=1e-10)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_gradients(setting):
    kernel, stride, padding, dilation, groups = setting
    bias = random(4, seed=2).requires_grad_()
    weight = random(4, 4 // groups, *kernel, seed=1).requires_grad_()
    x = random(1, 4, 7, 7).requires_grad_()
    assert torch.autograd.gradcheck(lambda *t: conv2d(*t, stride, padding, dilation, groups), (x, weight, bias))
    x = random(1, 4, 3, 3).requires_grad_()
    assert torch.autograd.gradcheck(
        lambda *t: conv_transpose2d(*t, stride, padding, 0, groups, dilation), (x, weight, bias)
    )


def test_both_compile_without_a_break():
    x, weight = random(2, 4, 8, 9), random(6, 4, 3, 3, seed=1)

    def there_and_back(x, weight):
        return conv_transpose2d(conv2d(x, weight, stride=2, padding=1), weight, stride=2)

    got = torch.compile(there_and_back, backend="aot_eager", fullgraph=True)(x, weight)
    torch.testing.assert_close(got, there_and_back(x, weight))


def test_an_empty_batch_and_a_single_pixel():
    weight = random(4, 3, 2, 2)
    assert conv2d(torch.zeros(0, 3, 5, 5).double(), weight).shape == (0, 4, 4, 4)
    assert conv_transpose2d(torch.zeros(0, 4, 5, 5).double(), weight).shape == (0, 3, 6, 6)
    pixel = torch.ones(1, 1, 1, dtype=torch.float64)
    assert torch.equal(conv_transpose2d(pixel, weight[:1, :1]), weight[0, :1])
    assert conv2d(pixel, torch.full((1, 1, 1, 1), 3.0).double()).item() == 3


@pytest.mark.parametrize("factor", range(1, 8))
@pytest.mark.parametrize("channels", [1, 3])
def test_bilinear_kernel_interpolates_in_the_interior_only(factor, channels):
    x, kernel = random(2, channels, 6, 5), bilinear_kernel(factor, channels, dtype=torch.float64)
    padding = (kernel.shape[-1] - factor) // 2
    got = conv_transpose2d(x, kernel, stride=factor, padding=padding, groups=channels)
    wanted = F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)
    inside = (..., slice(factor, -factor), slice(factor, -factor))
    torch.testing.assert_close(got[inside], wanted[inside], rtol=0, atol=1e-12)
    assert torch.allclose(got, wanted) == (factor == 1)
    torch.testing.assert_close(kernel.sum((1, 2, 3)), torch.full((channels,), float(factor**2)).double())


def test_linear_to_conv_equals_the_linear_layer_and_its_crops():
    linear = nn.Linear(3 * 4 * 5, 7, dtype=torch.float64)
    conv = linear_to_conv(linear, (3, 4, 5))
    x = random(2, 3, 4, 5)
    torch.testing.assert_close(conv(x).flatten(1), linear(x.flatten(1)), rtol=0, atol=1e-12)
    large = random(1, 3, 6, 8)
    crops = torch.stack([linear(large[..., i : i + 4, j : j + 5].flatten(1))[0] for i in range(3) for j in range(4)])
    torch.testing.assert_close(conv(large)[0].flatten(1).T, crops, rtol=0, atol=1e-12)


def test_linear_to_conv_copies_what_the_layer_has():
    linear = nn.Linear(12, 2, bias=False)
    linear.requires_grad_(False)
    conv = linear_to_conv(linear, (3, 2, 2))
    assert conv.bias is None
    assert not conv.weight.requires_grad
    conv.weight.zero_()
    assert linear.weight.abs().sum() > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv2d(X, K), "x must be"),
        (lambda: conv2d(X[None], K), "weight must have 4 dimensions"),
        (lambda: conv2d(X[None], K.expand(1, 2, 2, 2)), "expects 2 input channels; x has 1"),
        (lambda: conv2d(X[None], K[None, None], torch.zeros(2)), r"bias must be \(1,\); got \(2,\)"),
        (lambda: conv2d(X[None], torch.zeros(1, 1, 4, 4)), "reaches 4 pixels .* does not fit into 3"),
        (lambda: conv2d(X[None], K[None, None], padding="same", stride=2), "needs stride 1"),
        (lambda: conv2d(X[None], K[None, None], groups=2), "groups must divide the channels"),
        (lambda: conv2d(X[None], K[None, None], padding=-1), "padding must be .* at least 0; got -1"),
        (lambda: conv_transpose2d(X[None], K.expand(2, 1, 2, 2)), "expects 2 input channels; x has 1"),
        (lambda: conv_transpose2d(X[None], K[None, None], padding=2), "cuts off all"),
        (lambda: conv_transpose2d(X[None], K[None, None], output_padding=1), "must be less than stride"),
        (lambda: bilinear_kernel(0), "at least 1; got 0"),
        (lambda: linear_to_conv(nn.Linear(12, 2), (3, 2, 3)), "18 values, but the linear layer takes 12"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
