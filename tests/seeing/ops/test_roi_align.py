"""RoIAlign, plain and fast, against torchvision, a slow loop and numbers worked by hand."""

import contextlib

import pytest
import torch
import torchvision

from seeing.kernels import backend, reference
from seeing.ops import roi_align, roi_pool
from seeing.ops.roi_align import averaging_matrix
from tests.reference import roi as slow

SERVERS = {"twin": contextlib.nullcontext, "reference": reference}
TOLERANCE = {torch.float32: 2e-6, torch.float64: 1e-13}
SETTINGS = [(ratio, aligned) for ratio in (-1, 0, 1, 2, 3) for aligned in (False, True)]

# On a map of 9x11 at scale 1/4: inside; touching the border; far over it; a point; a line; wholly outside; exactly one
# pixel outside; the whole map.
BOXES = torch.tensor(
    [
        [0, 1.0, 2, 30, 33],
        [1, 0, 0, 12, 9],
        [1, -50, -50, 100, 90],
        [0, 5, 5, 5, 5],
        [1, 8, 3, 8, 30],
        [0, 100, 100, 130, 120],
        [0, -4, -4, 0, 0],
        [1, 0, 0, 44, 36],
    ]
)


@pytest.fixture(params=SERVERS)
def server(request):
    with SERVERS[request.param]():
        yield request.param


def random(*shape: int, dtype: torch.dtype = torch.float64, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def random_boxes(count: int, images: int, seed: int) -> torch.Tensor:
    """Boxes of all sizes, some far outside a map of 40x40 pixels, some without area."""
    generator = torch.Generator().manual_seed(seed)
    corners = torch.rand(count, 2, 2, generator=generator, dtype=torch.float64) * 80 - 20
    corners = torch.where(torch.rand(count, 1, 1, generator=generator) < 0.5, corners, corners.round())
    image = torch.randint(images, (count, 1), generator=generator)
    return torch.cat([image, corners.amin(1), corners.amax(1)], 1)


def test_the_ramp_by_hand(server):
    """The corners are pixels 0..4. RoIAlign reads means of a ramp: the value in the middle of each bin."""
    ramp = torch.arange(64.0).view(1, 1, 8, 8)
    box = torch.tensor([[0, 0.0, 0, 4, 4]])
    assert roi_align(ramp, box, 2, sampling_ratio=2).flatten().tolist() == [9, 11, 25, 27]
    assert roi_align(ramp, box, 2, sampling_ratio=2, aligned=True).flatten().tolist() == [4.5, 6.5, 20.5, 22.5]


def test_it_is_two_small_matrix_products():
    x, box = random(1, 3, 6, 7), torch.tensor([[0, 1.5, 0.5, 5, 4.5]]).double()
    down = averaging_matrix(box[:, 2] - 0.5, box[:, 4] - 0.5, 2, 6, 2, True)[0]
    across = averaging_matrix(box[:, 1] - 0.5, box[:, 3] - 0.5, 3, 7, 2, True)[0]
    torch.testing.assert_close(down.sum(1), torch.ones(2).double())
    assert down.tolist() == [[0.25, 0.5, 0.25, 0, 0, 0], [0, 0, 0.25, 0.5, 0.25, 0]]
    got = roi_align(x, box, (2, 3), sampling_ratio=2, aligned=True)
    torch.testing.assert_close(got[0], down @ x[0] @ across.T, rtol=0, atol=1e-14)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_values_and_gradients_equal_torchvision(server, setting, dtype, layout):
    x = random(2, 5, 9, 11, dtype=dtype).contiguous(memory_format=layout).requires_grad_()
    boxes = BOXES.to(dtype)
    wanted = torchvision.ops.roi_align(x, boxes, (3, 4), 1 / 4, *setting)
    got = roi_align(x, boxes, (3, 4), 1 / 4, *setting)
    assert got.dtype == dtype
    assert got.is_contiguous(memory_format=layout)
    torch.testing.assert_close(got, wanted, rtol=0, atol=TOLERANCE[dtype])
    out = random(*wanted.shape, dtype=dtype, seed=1)
    torch.testing.assert_close(
        torch.autograd.grad(got, x, out)[0],
        torch.autograd.grad(wanted, x, out)[0],
        rtol=0,
        atol=10 * TOLERANCE[dtype],
    )


@pytest.mark.parametrize("seed", range(20))
def test_random_boxes_equal_torchvision(server, seed):
    size, channels = [(7, 7), (2, 5), (1, 1), (14, 3)][seed % 4], [1, 3, 4, 130][seed // 4 % 4]
    x = random(3, channels, 37, 40, seed=seed).requires_grad_()
    boxes, ratio, aligned = random_boxes(30, 3, seed), [-1, 1, 2, 4][seed % 4], bool(seed % 2)
    got, wanted = (op(x, boxes, size, 0.9, ratio, aligned) for op in (roi_align, torchvision.ops.roi_align))
    torch.testing.assert_close(got, wanted, rtol=0, atol=1e-13)
    gradients = (torch.autograd.grad((t * t).sum(), x)[0] for t in (got, wanted))
    torch.testing.assert_close(*gradients, rtol=0, atol=1e-11)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_it_equals_the_slow_loop(server, setting):
    x = random(2, 1, 9, 11)
    got = roi_align(x, BOXES.double(), (2, 3), 1 / 4, *setting)
    for k, (image, *box) in enumerate(BOXES.tolist()):
        wanted = slow.roi_align(x[int(image), 0], box, (2, 3), 1 / 4, *setting)
        torch.testing.assert_close(got[k, 0], wanted, rtol=0, atol=1e-13)


def test_boxes_may_come_image_by_image(server):
    x = random(3, 2, 8, 8, dtype=torch.float32)
    boxes = [torch.tensor([[0, 0, 4, 4.0]]), torch.zeros(0, 4), torch.tensor([[1, 1, 7, 3.0], [0, 2, 2, 8]])]
    assert torch.equal(
        roi_align(x, boxes, 2), roi_align(x, torch.cat([torch.tensor([[0.0], [2], [2]]), torch.cat(boxes)], 1), 2)
    )
    torch.testing.assert_close(roi_align(x, boxes, 2), torchvision.ops.roi_align(x, boxes, 2))


@pytest.mark.parametrize("shape", [(2, 3, 5, 5), (0, 3, 5, 5), (2, 0, 5, 5)])
def test_no_boxes_give_no_rows_and_no_gradient(server, shape):
    x = torch.zeros(shape, requires_grad=True)
    out = roi_align(x, torch.zeros(0, 5), (2, 3))
    assert out.shape == (0, shape[1], 2, 3)
    assert torch.autograd.grad(out.sum(), x)[0].tolist() == x.tolist()
    assert roi_align(x, [torch.zeros(0, 4)] * shape[0], (2, 3)).shape == out.shape


def test_no_channels(server):
    assert roi_align(torch.zeros(1, 0, 5, 5), [torch.tensor([[0, 0, 1, 1.0]])], 2).shape == (1, 0, 2, 2)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_single(server, dtype):
    """torchvision computes float16 in float16, boxes included, and bfloat16 not at all on the CPU."""
    x, boxes = random(2, 3, 9, 11, dtype=torch.float32).to(dtype), BOXES[:3]
    got = roi_align(x, boxes, 3, 1 / 4, 2)
    assert got.dtype == dtype
    assert torch.equal(got, roi_align(x.float(), boxes, 3, 1 / 4, 2).to(dtype))
    assert torch.equal(got, roi_align(x, boxes.to(dtype), 3, 1 / 4, 2))
    if dtype == torch.float16:
        wanted = torchvision.ops.roi_align(x, boxes.to(dtype), 3, 1 / 4, 2)
        torch.testing.assert_close(got, wanted, rtol=0, atol=0.02)


def test_inputs_with_gaps_are_read_as_they_lie(server):
    wide, boxes = random(2, 6, 9, 22), torch.stack([BOXES.double(), BOXES.double()], 2)[..., 0]
    assert not boxes.is_contiguous()
    x = wide[:, ::2, :, ::2]
    assert torch.equal(roi_align(x, boxes, 3, 1 / 4), roi_align(x.contiguous(), BOXES.double(), 3, 1 / 4))
    x, gradient = x.clone().requires_grad_(), torch.ones(()).double()
    out = roi_align(x, boxes, 3, 1 / 4)
    torch.testing.assert_close(  # a gradient without strides of its own
        torch.autograd.grad(out, x, gradient.expand(out.shape))[0],
        torch.autograd.grad(roi_align(x, boxes, 3, 1 / 4).sum(), x)[0],
    )


def test_gradients_of_first_and_second_order(server):
    x = random(2, 1, 3, 4).requires_grad_()
    boxes = BOXES[:4].double()
    assert torch.autograd.gradcheck(lambda t: roi_align(t, boxes, 2, 1 / 8), x)
    assert torch.autograd.gradgradcheck(lambda t: roi_align(t, boxes, 2, 1 / 8) ** 2, x)


def test_boxes_get_no_gradient(server):
    x, boxes = random(2, 1, 4, 4).requires_grad_(), BOXES.double().requires_grad_()
    roi_align(x, boxes, 2).sum().backward()
    assert boxes.grad is None


@pytest.mark.parametrize("box", [[-1e9, -1e9, 1e9, 1e9], [1e8, 0, 2e8, 5], [-3e38, -3e38, 3e38, 3e38], [0, 0, 3e38, 2]])
@pytest.mark.parametrize("aligned", [False, True])
def test_absurdly_large_boxes_end_soon_and_stay_on_the_map(server, box, aligned):
    x = torch.ones(1, 2, 3, 4, requires_grad=True)
    out = roi_align(x, [torch.tensor([box])], (2, 3), aligned=aligned)
    assert out.shape == (1, 2, 2, 3)
    assert out.abs().max() <= 1
    assert torch.autograd.grad(out.sum(), x)[0].isfinite().all()


def test_the_twin_does_not_read_pixels_without_weight():
    x = torch.full((1, 1, 4, 4), torch.inf)
    x[..., 1, 2] = 7
    box = [torch.tensor([[1.0, 0, 3, 2]])]  # its only sample lies on pixel (1, 2)
    assert backend(x) == "numba"
    assert roi_align(x, box, 1, sampling_ratio=1).item() == 7


@pytest.mark.parametrize("dynamic", [False, True])
def test_it_compiles_without_a_break(dynamic):
    x = random(2, 3, 9, 11, dtype=torch.float32).contiguous(memory_format=torch.channels_last).requires_grad_()

    def head(x, boxes):
        return roi_align(x * 2, boxes, (3, 4), 1 / 4, 2, True).sin()

    compiled = torch.compile(head, backend="aot_eager", fullgraph=True, dynamic=dynamic)
    for boxes in (BOXES, [BOXES[:3, 1:], BOXES[4:5, 1:]]):
        got, wanted = compiled(x, boxes), head(x, boxes)
        torch.testing.assert_close(got, wanted, rtol=0, atol=1e-6)
        assert got.stride() == wanted.stride()
        torch.testing.assert_close(*(torch.autograd.grad(t.sum(), x)[0] for t in (got, wanted)), rtol=0, atol=1e-5)
    with pytest.raises(ValueError, match="image from 0 to 1; box 0 names 2"):
        compiled(x, BOXES[:1] + torch.tensor([2.0, 0, 0, 0, 0]))


def test_shapes_without_numbers():
    x = torch.zeros(2, 3, 9, 11, device="meta")
    for op in (roi_align, torchvision.ops.roi_align, roi_pool):
        assert op(x, BOXES.to("meta"), (3, 4)).shape == (8, 3, 3, 4)


def test_the_registered_operators_keep_torchs_rules():
    boxes = BOXES.double()
    x, grad = random(2, 3, 9, 11).requires_grad_(), random(8, 3, 2, 2).requires_grad_()
    torch.library.opcheck(torch.ops.seeing.roi_align.default, (x, boxes, [2, 2], 0.25, 2, True))
    torch.library.opcheck(torch.ops.seeing.roi_align_backward.default, (grad, boxes, [2, 3, 9, 11], 0.25, 2, True))


def test_torch_func_may_look_inside():
    x, boxes = random(2, 1, 4, 4), BOXES.double()
    got = torch.func.grad(lambda t: roi_align(t, boxes, 2, 1 / 8).square().sum())(x)
    x.requires_grad_()
    torch.testing.assert_close(got, torch.autograd.grad(roi_align(x, boxes, 2, 1 / 8).square().sum(), x)[0])


X = torch.zeros(2, 1, 4, 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: roi_align(X[0], BOXES, 2), r"input must be .*\(N, C, H, W\).*got torch.float32 \(1, 4, 4\)"),
        (lambda: roi_align(X.long(), BOXES, 2), "input must be floating point.*int64"),
        (lambda: roi_align(X[..., :0], BOXES, 2), r"at least one pixel.*\(2, 1, 4, 0\)"),
        (lambda: roi_align(X, BOXES[:, 1:], 2), r"boxes must be floating point, \(K, 5\).*got .*\(8, 4\)"),
        (lambda: roi_align(X, [BOXES], 2), r"boxes must be floating point, \(L, 4\).*got .*\(8, 5\)"),
        (lambda: roi_align(X, BOXES.long(), 2), "floating point.*int64"),
        (lambda: roi_align(X, [[0, 0, 1, 1]], 2), r"\(K, 5\): image number.*got torch.int64 \(1, 4\)"),
        (lambda: roi_align(X, ["abc", [[0, 0, 1, 1]]], 2), r"boxes\[0\] must be numbers; got <U3"),
        (lambda: roi_align(X, torch.tensor([[2.0, 0, 0, 1, 1]]), 2), "image from 0 to 1; box 0 names 2"),
        (lambda: roi_align(X, torch.tensor([[-1.0, 0, 0, 1, 1]]), 2), "box 0 names -1"),
        (lambda: roi_align(X, torch.tensor([[0.5, 0, 0, 1, 1]]), 2), "box 0 names 0.5"),
        (lambda: roi_align(X, torch.tensor([[torch.nan, 0, 0, 1, 1]]), 2), "box 0 names nan"),
        (lambda: roi_align(X, [torch.zeros(0, 4)] * 2 + [torch.ones(1, 4)], 2), "box 0 names 2"),
        (lambda: roi_align(X, torch.tensor([[0.0] * 5, [0, 0, torch.nan, 1, 1]]), 2), r"finite.*box 1 is \[0.0, nan"),
        (lambda: roi_align(X, torch.tensor([[0, 0, 0, torch.inf, 1]]), 2), "finite"),
        (lambda: roi_align(X, torch.tensor([[0, 2.0, 0, 1, 1]]), 2), r"x1 <= x2.*box 0 is \[2.0, 0.0, 1.0, 1.0\]"),
        (lambda: roi_align(X, torch.tensor([[0, 0.0, 1, 1, 0]]), 2), "y1 <= y2"),
        (lambda: roi_align(X, BOXES, 0), "output_size must be .* at least 1; got 0"),
        (lambda: roi_align(X, BOXES, (1, 2, 3)), "output_size must be"),
        (lambda: roi_align(X, BOXES, 2, -1.0), "spatial_scale must be positive.*got -1"),
        (lambda: roi_align(X, BOXES.to("meta"), 2), "on the input's device, cpu; got meta"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_a_gpu_gives_the_same(setting, dtype):
    for layout in (torch.contiguous_format, torch.channels_last):
        x = random(2, 70, 9, 11, dtype=dtype).contiguous(memory_format=layout)
        there = x.cuda().requires_grad_()
        x.requires_grad_()
        wanted = roi_align(x, BOXES.to(dtype), (3, 4), 1 / 4, *setting)
        got = roi_align(there, BOXES.to(dtype).cuda(), (3, 4), 1 / 4, *setting)
        torch.testing.assert_close(got.cpu(), wanted, rtol=0, atol=10 * TOLERANCE[dtype])
        assert got.is_contiguous(memory_format=layout)
        gradients = (torch.autograd.grad(t.square().sum(), v)[0].cpu() for t, v in ((got, there), (wanted, x)))
        torch.testing.assert_close(*gradients, rtol=1e-5, atol=100 * TOLERANCE[dtype])
