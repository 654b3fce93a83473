"""RoIPool, plain and fast, bit for bit against torchvision, and against a slow loop and numbers worked by hand."""

import contextlib

import pytest
import torch
import torchvision

from seeing.kernels import reference
from seeing.ops import roi_pool
from tests.reference import roi as slow
from tests.seeing.ops.test_roi_align import BOXES, random, random_boxes

SERVERS = {"twin": contextlib.nullcontext, "reference": reference}


@pytest.fixture(params=SERVERS)
def server(request):
    with SERVERS[request.param]():
        yield request.param


def whole(*shape: int, dtype: torch.dtype = torch.float32, seed: int = 0) -> torch.Tensor:
    """Small whole numbers: many ties, and sums that no order of adding changes."""
    return torch.randint(-4, 5, shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def test_the_ramp_by_hand(server):
    """Corners 0 and 4 both count in: 5 pixels, so that bins of 3 overlap."""
    ramp = torch.arange(64.0).view(1, 1, 8, 8)
    assert roi_pool(ramp, torch.tensor([[0, 0.0, 0, 4, 4]]), 2).flatten().tolist() == [18, 20, 34, 36]


def test_a_published_example(server):
    """The worked example of a well-known textbook: a 4x4 ramp, 2x2 bins, scale 0.1."""
    ramp = torch.arange(16.0).view(1, 1, 4, 4)
    boxes = torch.tensor([[0, 0.0, 0, 20, 20], [0, 0, 10, 30, 30]])
    assert roi_pool(ramp, boxes, 2, 0.1).tolist() == [[[[5, 6], [9, 10]]], [[[9, 11], [13, 15]]]]


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
@pytest.mark.parametrize("scale", [1 / 4, 1 / 2, 1.0])
def test_values_and_gradients_equal_torchvision(server, scale, dtype, layout):
    x = whole(2, 5, 9, 11, dtype=dtype).contiguous(memory_format=layout).requires_grad_()
    boxes = BOXES.to(dtype)
    wanted, got = torchvision.ops.roi_pool(x, boxes, (3, 4), scale), roi_pool(x, boxes, (3, 4), scale)
    assert got.dtype == dtype
    assert got.is_contiguous(memory_format=layout)
    assert torch.equal(got, wanted)
    out = whole(*wanted.shape, dtype=dtype, seed=1)
    assert torch.equal(torch.autograd.grad(got, x, out)[0], torch.autograd.grad(wanted, x, out)[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("seed", range(16))
def test_random_boxes_equal_torchvision(server, seed, dtype):
    size, channels = [(7, 7), (2, 5), (1, 1), (14, 3)][seed % 4], [1, 3, 4, 130][seed // 4]
    x = random(3, channels, 37, 40, seed=seed, dtype=dtype).requires_grad_()
    boxes = random_boxes(20, 3, seed).to(dtype)
    got, wanted = (op(x, boxes, size, 0.9) for op in (roi_pool, torchvision.ops.roi_pool))
    assert torch.equal(got, wanted)
    gradients = [torch.autograd.grad((t * t).sum(), x)[0] for t in (got, wanted)]
    torch.testing.assert_close(*gradients, rtol=0, atol=1e-12 if dtype == torch.float64 else 1e-4)


@pytest.mark.parametrize("scale", [1 / 4, 1.0])
def test_it_equals_the_slow_loop(server, scale):
    x = random(2, 1, 9, 11)
    got = roi_pool(x, BOXES.double(), (2, 4), scale)
    for k, (image, *box) in enumerate(BOXES.tolist()):
        assert torch.equal(got[k, 0], slow.roi_pool(x[int(image), 0], box, (2, 4), scale))


def test_halves_round_away_from_zero(server):
    """0.49999997 + 0.5 is 1 in float32: rounding must not add first."""
    x = torch.arange(5.0).view(1, 1, 1, 5)
    ends = torch.tensor([0.49999997, 0.5, 1.5, 2.5])
    boxes = torch.stack([torch.zeros(4), torch.full((4,), -1.5), torch.zeros(4), ends, torch.zeros(4)], 1)
    assert roi_pool(x, boxes, 1).flatten().tolist() == [0, 1, 2, 3]
    assert torch.equal(roi_pool(x, boxes, 1), torchvision.ops.roi_pool(x, boxes, 1))


def test_a_bin_outside_the_map_is_zero_and_sends_no_gradient(server):
    x = torch.full((1, 1, 3, 3), -5.0, requires_grad=True)
    out = roi_pool(x, [torch.tensor([[2.0, 0, 5, 2]])], (1, 2))
    assert out.tolist() == [[[[-5, 0]]]]
    assert torch.autograd.grad(out.sum(), x)[0].tolist() == [[[[0, 0, 1], [0, 0, 0], [0, 0, 0]]]]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_nan_and_infinity_as_torchvision_has_them(server, dtype):
    x = whole(1, 2, 6, 6, dtype=dtype)
    x[0, 0, ::2] = torch.nan
    x[0, 1, :4] = -torch.inf
    x[0, 1, 5, 5] = torch.inf
    x.requires_grad_()
    boxes = torch.tensor([[0, 0, 0, 5, 5], [0, 0, 0, 3, 0], [0, 1, 1, 2, 5]]).to(dtype)
    got, wanted = roi_pool(x, boxes, 2), torchvision.ops.roi_pool(x, boxes, 2)
    assert torch.equal(got, wanted)
    gradients = [torch.autograd.grad(t, x, torch.ones_like(t))[0] for t in (got, wanted)]
    assert torch.equal(*gradients)


@pytest.mark.parametrize("shape", [(2, 3, 5, 5), (0, 3, 5, 5), (2, 0, 5, 5)])
def test_no_boxes_give_no_rows_and_no_gradient(server, shape):
    x = torch.zeros(shape, requires_grad=True)
    out = roi_pool(x, torch.zeros(0, 5), (2, 3))
    assert out.shape == (0, shape[1], 2, 3)
    assert torch.autograd.grad(out.sum(), x)[0].tolist() == x.tolist()
    assert roi_pool(x, [torch.zeros(0, 4)] * shape[0], (2, 3)).shape == out.shape


def test_inputs_with_gaps_and_gradients_in_another_layout(server):
    x = whole(2, 6, 9, 22)[:, ::2, :, ::2]
    assert torch.equal(roi_pool(x, BOXES, 3, 1 / 4), roi_pool(x.contiguous(), BOXES, 3, 1 / 4))
    x = x.clone().requires_grad_()
    out = whole(8, 3, 3, 3, seed=1)
    wanted = torch.autograd.grad(roi_pool(x, BOXES, 3, 1 / 4), x, out)[0]
    out = out.contiguous(memory_format=torch.channels_last)
    assert torch.equal(torch.autograd.grad(roi_pool(x, BOXES, 3, 1 / 4), x, out)[0], wanted)


def test_gradients(server):
    x = torch.randperm(2 * 2 * 5 * 6, generator=torch.Generator().manual_seed(0)).double().view(2, 2, 5, 6)
    assert torch.autograd.gradcheck(lambda t: roi_pool(t, BOXES.double(), 2, 1 / 8), x.requires_grad_())


@pytest.mark.parametrize("box", [[-1e9, -1e9, 1e9, 1e9], [1e8, 0, 2e8, 5], [-3e38, -3e38, 3e38, 3e38], [0, 0, 3e38, 2]])
def test_absurdly_large_boxes_end_soon_and_stay_on_the_map(server, box):
    x = torch.ones(1, 2, 3, 4)
    assert roi_pool(x, [torch.tensor([box])], (2, 3)).unique().tolist() in ([0], [1], [0, 1])


def test_it_compiles_without_a_break():
    x = random(2, 3, 9, 11, dtype=torch.float32).contiguous(memory_format=torch.channels_last).requires_grad_()

    def head(x, boxes):
        return roi_pool(x * 2, boxes, (3, 4), 1 / 4).sin()

    compiled = torch.compile(head, backend="aot_eager", fullgraph=True)
    got, wanted = compiled(x, BOXES), head(x, BOXES)
    assert torch.equal(got, wanted)
    assert got.stride() == wanted.stride()
    assert torch.equal(*(torch.autograd.grad(t.sum(), x)[0] for t in (got, wanted)))
    torch.library.opcheck(torch.ops.seeing.roi_pool.default, (x, BOXES, [2, 2], 0.25))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: roi_pool(x[0], BOXES, 2), r"input must be .*\(N, C, H, W\)"),
        (lambda x: roi_pool(x, BOXES[:, 1:], 2), r"boxes must be floating point, \(K, 5\)"),
        (lambda x: roi_pool(x, torch.tensor([[2.0, 0, 0, 1, 1]]), 2), "image from 0 to 1; box 0 names 2"),
        (lambda x: roi_pool(x, torch.tensor([[0, 0, torch.nan, 1, 1]]), 2), "finite"),
        (lambda x: roi_pool(x, torch.tensor([[0, 2.0, 0, 1, 1]]), 2), "x1 <= x2"),
        (lambda x: roi_pool(x, BOXES, 0), "output_size must be"),
        (lambda x: roi_pool(x, BOXES, 2, 0.0), "spatial_scale must be positive"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call(torch.zeros(2, 1, 4, 4))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_gives_the_same():
    x = whole(2, 5, 9, 11).requires_grad_()
    there = x.detach().cuda().requires_grad_()
    got, wanted = roi_pool(there, BOXES.cuda(), (3, 4), 1 / 4), roi_pool(x, BOXES, (3, 4), 1 / 4)
    assert torch.equal(got.cpu(), wanted)
    gradients = [torch.autograd.grad(t.sum(), v)[0].cpu() for t, v in ((got, there), (wanted, x))]
    assert torch.equal(*gradients)
