"""IoU and its relatives: bit for bit torchvision's, by the compiled loop and by the readable ops."""

import contextlib

import pytest
import torch
import torchvision.ops as peer

from seeing import ops
from seeing.kernels import reference
from tests.reference import boxes as slow

NAMES = ["box_iou", "generalized_box_iou", "distance_box_iou", "complete_box_iou"]
SERVED = {"twin": contextlib.nullcontext, "reference": reference}


def random_boxes(n, seed=0, dtype=torch.float32, extent=40.0):
    generator = torch.Generator().manual_seed(seed)
    corner = torch.rand(n, 2, generator=generator, dtype=torch.float64) * extent
    sides = torch.rand(n, 2, generator=generator, dtype=torch.float64) * extent
    return torch.cat([corner, corner + sides], 1).to(dtype)


@pytest.fixture(params=SERVED.values(), ids=SERVED.keys())
def served(request):
    with request.param():
        yield


@pytest.mark.usefixtures("served")
def test_by_hand():
    a = torch.tensor([[0.0, 0, 10, 10]])
    b = torch.tensor([[0.0, 0, 10, 10], [5, 0, 15, 10], [10, 0, 20, 10], [20, 0, 30, 10]])
    assert ops.box_iou(a, b).tolist() == [[1, torch.tensor(50 / 150).item(), 0, 0]]
    # The enclosing boxes: 100, 150, 200 and 300, of which 0, 0, 0 and 100 are covered by neither.
    torch.testing.assert_close(ops.generalized_box_iou(a, b), torch.tensor([[1, 1 / 3, 0, -1 / 3]]))
    distance = torch.tensor([[1, 1 / 3 - 25 / 325, -100 / 500, -400 / 1000]])
    torch.testing.assert_close(ops.distance_box_iou(a, b), distance)
    torch.testing.assert_close(ops.complete_box_iou(a, b), distance)  # all are squares


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("extent", [40.0, 1e-3, 1e6])
def test_values_are_torchvisions_bits(name, dtype, extent):
    a, b = random_boxes(67, 1, dtype, extent), random_boxes(131, 2, dtype, extent)
    got, wanted = getattr(ops, name)(a, b), getattr(peer, name)(a, b)
    assert got.dtype == wanted.dtype
    assert torch.equal(got, wanted)


@pytest.mark.usefixtures("served")
def test_iou_equals_the_slow_loop():
    a, b = random_boxes(9, 3, torch.float64), random_boxes(7, 4, torch.float64)
    wanted = torch.tensor([[slow.iou(x, y) for y in b.tolist()] for x in a.tolist()], dtype=torch.float64)
    torch.testing.assert_close(ops.box_iou(a, b), wanted, rtol=1e-14, atol=0)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name", NAMES)
def test_infinite_coordinates_give_what_they_give_in_torchvision(name):
    a = random_boxes(40, 5)
    a[::3, 2] = torch.inf
    a[1::5, 1] = -torch.inf
    torch.testing.assert_close(getattr(ops, name)(a, a), getattr(peer, name)(a, a), rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [torch.int64, torch.int32, torch.int16, torch.float16, torch.bfloat16])
def test_other_dtypes(name, dtype):
    # Whole numbers up to 80: half precision holds them, and their differences, exactly.
    a, b = random_boxes(9, 6).floor().to(dtype), random_boxes(8, 7).floor().to(dtype)
    got, wanted = getattr(ops, name)(a, b), getattr(peer, name)(a, b)
    assert got.dtype == wanted.dtype == torch.float32
    torch.testing.assert_close(got, wanted, rtol=1e-6 if dtype != torch.bfloat16 else 1e-1, atol=1e-2)
    torch.testing.assert_close(got, getattr(ops, name)(a.double(), b.double()).float(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_two_dtypes_give_the_wider_one(name):
    a, b = random_boxes(5, 8), random_boxes(6, 9, torch.float64)
    got, wanted = getattr(ops, name)(a, b), getattr(peer, name)(a, b)
    assert got.dtype == torch.float64
    torch.testing.assert_close(got, wanted, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("fmt", ["xyxy", "xywh", "cxcywh"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.int64])
def test_other_formats_equal_torchvision(fmt, dtype):
    a = ops.box_convert(random_boxes(6, 10), "xyxy", fmt).to(dtype)
    b = ops.box_convert(random_boxes(7, 11), "xyxy", fmt).to(dtype)
    assert torch.equal(ops.box_iou(a, b, fmt), peer.box_iou(a, b, fmt))


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name", NAMES)
def test_aligned_is_the_diagonal(name):
    a, b = random_boxes(6, 12), random_boxes(6, 13)
    op = getattr(ops, name)
    assert torch.equal(op(a, b, aligned=True), op(a, b).diagonal())
    assert torch.equal(op(a[:1], b, aligned=True), op(a[:1], b)[0])
    assert torch.equal(op(a[0], b[0], aligned=True), op(a, b)[0, 0])


@pytest.mark.parametrize("name", NAMES)
def test_leading_dimensions(name):
    a, b = random_boxes(12, 14).view(2, 2, 3, 4), random_boxes(10, 15).view(2, 5, 4)
    op = getattr(ops, name)
    assert torch.equal(op(a, b), getattr(peer, name)(a, b))
    assert torch.equal(op(a, b)[1, 0], op(a[1, 0], b[0]))


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("n", "m"), [(0, 3), (3, 0), (0, 0)])
def test_empty(name, n, m):
    got = getattr(ops, name)(torch.zeros(n, 4, dtype=torch.float64), torch.zeros(m, 4, dtype=torch.float64))
    assert got.shape == (n, m)
    assert got.dtype == torch.float64


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name", NAMES)
def test_strided_input_and_input_that_wants_gradients(name):
    wide, b = random_boxes(14, 16).repeat(1, 2), random_boxes(5, 17)
    op = getattr(ops, name)
    wanted = op(wide[::2, 4:].clone(), b)
    assert torch.equal(op(wide[::2, 4:], b.t().contiguous().t()), wanted)
    with torch.no_grad():
        assert torch.equal(op(wide[::2, 4:].requires_grad_(), b), wanted)


@pytest.mark.usefixtures("served")
def test_boxes_without_area():
    """torchvision gives NaN for all but the first column; a point and a line have an angle, so CIoU is finite too."""
    flat = torch.tensor([[2.0, 2, 2, 2], [2, 2, 8, 2], [3, 1, 3, 9]])
    others = torch.cat([torch.tensor([[0.0, 0, 10, 10]]), flat])
    assert ops.box_iou(flat, others).tolist() == [[0] * 4] * 3
    generalized = ops.generalized_box_iou(flat, others)
    assert generalized[0].tolist() == [-0.0, 0, 0, -1]
    for name in NAMES[2:]:
        assert getattr(ops, name)(flat, others).isfinite().all()
    assert torch.equal(ops.distance_box_iou(flat, flat).diagonal(), torch.zeros(3))
    assert peer.box_iou(flat, flat).isnan().all()


@pytest.mark.parametrize("name", NAMES[:3])
@pytest.mark.parametrize("aligned", [False, True])
def test_gradients(name, aligned):
    a, b = random_boxes(4, 18, torch.float64).requires_grad_(), random_boxes(4, 19, torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(lambda x, y: getattr(ops, name)(x, y, aligned=aligned), (a, b))


@pytest.mark.parametrize("name", NAMES)
def test_gradients_equal_torchvision(name):
    a, b = random_boxes(5, 20).requires_grad_(), random_boxes(6, 21).requires_grad_()
    weight = torch.randn(5, 6, generator=torch.Generator().manual_seed(22))
    got = torch.autograd.grad((getattr(ops, name)(a, b) * weight).sum(), (a, b))
    wanted = torch.autograd.grad((getattr(peer, name)(a, b) * weight).sum(), (a, b))
    torch.testing.assert_close(got, wanted, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_finite_without_area(name):
    flat = torch.tensor([[2.0, 2, 2, 2], [2, 2, 8, 2], [3, 1, 3, 9], [0, 0, 10, 10]], requires_grad=True)
    (gradient,) = torch.autograd.grad(getattr(ops, name)(flat, flat.detach()).sum(), flat)
    assert gradient.isfinite().all()


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_compiled_and_mapped(name):
    a, b = random_boxes(4, 23), random_boxes(5, 24)
    op = getattr(ops, name)
    compiled = torch.compile(op, fullgraph=True, backend="eager")
    assert torch.equal(compiled(a, b), op(a, b))
    mapped = torch.func.vmap(lambda box: op(box[None], b)[0])(a)
    assert torch.equal(mapped, op(a, b))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("name", NAMES)
def test_on_a_gpu(name):
    a, b = random_boxes(50, 25), random_boxes(60, 26)
    got = getattr(ops, name)(a.cuda(), b.cuda())
    assert got.is_cuda
    torch.testing.assert_close(got.cpu(), getattr(ops, name)(a, b), rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="without NaN"):
        getattr(ops, name)(a.cuda() * torch.nan, b.cuda())


GOOD = torch.tensor([[0.0, 0, 1, 1]])
NAN, TURNED = torch.tensor([[0.0, 0, torch.nan, 1]]), torch.tensor([[0.0, 0, 1, 1], [3, 0, 2, 1]])


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (GOOD[:, :3], GOOD, r"boxes1 must be \(..., 4\); got \(1, 3\)"),
        (GOOD, GOOD[0], r"\(..., N, 4\) and \(..., M, 4\); got \(1, 4\) and \(4,\)"),
        (GOOD.expand(2, 1, 4), GOOD.expand(3, 1, 4), r"leading dimensions that broadcast; got \(2, 1, 4\)"),
        (NAN, GOOD, r"boxes1 must have x1 <= x2 and y1 <= y2, without NaN; got \[0.0, 0.0, nan, 1.0\]"),
        (GOOD, TURNED, r"boxes2 must have x1 <= x2.*got \[3.0, 0.0, 2.0, 1.0\]"),
        (GOOD, TURNED.long(), r"boxes2 must have x1 <= x2.*got \[3, 0, 2, 1\]"),
        (GOOD, GOOD > 0, "boxes2 must be floating point or integer; got torch.bool"),
        (GOOD, GOOD.to("meta"), "one device; got boxes1 on cpu, boxes2 on meta"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(name, a, b, message):
    with pytest.raises(ValueError, match=message):
        getattr(ops, name)(a, b)


def test_what_only_some_ops_refuse():
    with pytest.raises(ValueError, match="one of xyxy, xywh, cxcywh; got 'xyxyxyxy'"):
        ops.box_iou(GOOD, GOOD, "xyxyxyxy")
    with pytest.raises(ValueError, match="boxes1 must have x1 <= x2"):
        ops.box_iou(torch.tensor([[5.0, 5, -1, 2]]), GOOD, "xywh")
    with pytest.raises(ValueError, match=r"as many boxes; got \(2, 4\) and \(3, 4\)"):
        ops.box_iou(GOOD.expand(2, 4), GOOD.expand(3, 4), aligned=True)
