"""Box formats, area, clipping and filtering, against torchvision and by hand."""

import itertools

import pytest
import torch
import torchvision.ops as peer

from seeing import ops

FORMATS = ["xyxy", "xywh", "cxcywh"]
DTYPES = [torch.float32, torch.float64, torch.float16, torch.int64, torch.int32, torch.int16]
BOX = torch.tensor([[10.0, 20, 14, 30]])


def some_boxes(dtype=torch.float32, shape=(5,)):
    corner = torch.randint(-20, 40, (*shape, 2), generator=torch.Generator().manual_seed(0))
    return torch.cat([corner, corner + torch.arange(2 * corner[..., 0].numel()).view(*shape, 2) % 9], -1).to(dtype)


def test_the_formats_by_hand():
    assert ops.xyxy_to_xywh(BOX).tolist() == [[10, 20, 4, 10]]
    assert ops.xyxy_to_cxcywh(BOX).tolist() == [[12, 25, 4, 10]]
    assert ops.xywh_to_xyxy(torch.tensor([[10.0, 20, 4, 10]])).tolist() == BOX.tolist()
    assert ops.cxcywh_to_xyxy(torch.tensor([[12.0, 25, 4, 10]])).tolist() == BOX.tolist()
    assert ops.box_area(BOX).tolist() == [40]


@pytest.mark.parametrize(("source", "target"), list(itertools.product(FORMATS, FORMATS)))
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(5,), (0,), (), (2, 3)])
def test_conversion_equals_torchvision(source, target, dtype, shape):
    boxes = some_boxes(dtype, shape)
    got, wanted = ops.box_convert(boxes, source, target), peer.box_convert(boxes, source, target)
    assert got.dtype == wanted.dtype
    assert torch.equal(got, wanted)
    assert got.data_ptr() != boxes.data_ptr() or not boxes.numel()


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("dtype", [*DTYPES, torch.uint8, torch.bfloat16])
def test_area_equals_torchvision(dtype, fmt):
    boxes = some_boxes().abs()
    if fmt == "xyxy":
        boxes = torch.cat([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], 1)
    boxes = boxes.to(dtype)
    got, wanted = ops.box_area(boxes, fmt), peer.box_area(boxes, fmt)
    assert got.dtype == wanted.dtype
    assert dtype == torch.uint8 or torch.equal(got, wanted)


def test_area_of_bytes_does_not_wrap_around():
    boxes = torch.tensor([[0, 0, 200, 250], [0, 5, 250, 255]], dtype=torch.uint8)
    assert ops.box_area(boxes).tolist() == [50_000, 62_500]


@pytest.mark.parametrize("value", [-1.0, torch.nan])
def test_area_and_clipping_refuse_what_is_no_box(value):
    boxes = torch.tensor([[0.0, 0, 1, 1], [0, 0, value, 1]])
    for call in (ops.box_area, lambda b: ops.clip_boxes_to_image(b, (3, 3))):
        with pytest.raises(ValueError, match=r"x1 <= x2 and y1 <= y2, without NaN; got \[0.0, 0.0"):
            call(boxes)
    with pytest.raises(ValueError, match="widths and heights of at least 0"):
        ops.box_area(boxes, "cxcywh")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(5,), (0,), (2, 3)])
def test_clipping_equals_torchvision(dtype, shape):
    boxes = some_boxes(dtype, shape)
    got, wanted = ops.clip_boxes_to_image(boxes, (7, 12)), peer.clip_boxes_to_image(boxes, (7, 12))
    assert got.dtype == wanted.dtype
    assert torch.equal(got, wanted)


def test_a_box_outside_the_image_keeps_no_area():
    outside = torch.tensor([[-9.0, -9, -1, -1], [50, 2, 60, 4]])
    assert ops.clip_boxes_to_image(outside, (10, 20)).tolist() == [[0, 0, 0, 0], [20, 2, 20, 4]]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("min_size", [0, 3, 3.5])
def test_small_boxes_go_as_in_torchvision(dtype, min_size):
    boxes = some_boxes(dtype, (9,))
    assert torch.equal(ops.remove_small_boxes(boxes, min_size), peer.remove_small_boxes(boxes, min_size))


def test_small_boxes_at_the_boundary_negative_and_nan():
    nan = torch.nan
    boxes = torch.tensor([[0.0, 0, 3, 3], [0, 0, 3, 2.9], [5, 5, 4, 9], [0, 0, nan, 9]])
    assert ops.remove_small_boxes(boxes, 3).tolist() == [0]
    assert ops.remove_small_boxes(boxes[:0], 3).shape == (0,)


@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize("target", FORMATS)
def test_gradients_and_strided_input(source, target):
    boxes = some_boxes(torch.float64, (4,)).t().contiguous().t().requires_grad_()
    assert torch.autograd.gradcheck(lambda b: ops.box_convert(b, source, target), boxes)
    large = torch.tensor([[1.0, 2, 9, 8], [0, 1, 4, 3]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda b: ops.box_area(b, source), large)


def test_the_gradient_of_clipping_equals_torchvision():
    boxes = torch.tensor([[-1.0, 0, 5, 7], [3, 2, 12, 9]], requires_grad=True)
    (got,) = torch.autograd.grad(ops.clip_boxes_to_image(boxes, (7, 12)).sum(), boxes)
    (wanted,) = torch.autograd.grad(peer.clip_boxes_to_image(boxes, (7, 12)).sum(), boxes)
    assert torch.equal(got, wanted)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.box_convert(BOX, "xyxy", "xyxyxyxy"), "one of xyxy, xywh, cxcywh; got 'xyxyxyxy'"),
        (lambda: ops.box_convert(BOX, "yxyx", "xyxy"), "got 'yxyx'"),
        (lambda: ops.box_convert(BOX[:, :3], "xywh", "xyxy"), r"boxes must be \(..., 4\); got \(1, 3\)"),
        (lambda: ops.box_area(torch.tensor(3.0)), r"got \(\)"),
        (lambda: ops.box_area(BOX > 0), "floating point or integer; got torch.bool"),
        (lambda: ops.box_area(BOX, "cxcywhr"), "got 'cxcywhr'"),
        (lambda: ops.xyxy_to_xywh(BOX + 0j), "got torch.complex64"),
        (lambda: ops.clip_boxes_to_image(BOX, (3, -1)), r"\(height, width\), each at least 0; got \(3, -1\)"),
        (lambda: ops.clip_boxes_to_image(BOX, (3, 3, 3)), r"got \(3, 3, 3\)"),
        (lambda: ops.remove_small_boxes(BOX[None], 1), r"boxes must be \(N, 4\); got \(1, 1, 4\)"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
