"""Offsets and distances, against torchvision's coders and worked by hand."""

import math

import pytest
import torch
from torchvision.models.detection._utils import BoxCoder, BoxLinearCoder

from seeing.ops.box_coding import decode_boxes, decode_ltrb, encode_boxes, encode_ltrb

WEIGHTS = [(1.0, 1.0, 1.0, 1.0), (10.0, 10.0, 5.0, 5.0)]
BOX = torch.tensor([[0.0, 0, 1, 1]])


def random_boxes(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    corner = torch.rand(*shape, 2, generator=generator, dtype=dtype) * 200
    return torch.cat([corner, corner + torch.rand(*shape, 2, generator=generator, dtype=dtype) * 100 + 1], dim=-1)


def test_offsets_by_hand():
    anchor = torch.tensor([[10.0, 20, 30, 60]])  # centre (20, 40), 20 wide, 40 high
    box = torch.tensor([[20.0, 10, 60, 50]])  # centre (40, 30), 40 wide, 40 high
    wanted = torch.tensor([[1, -0.25, math.log(2), 0]])
    torch.testing.assert_close(encode_boxes(box, anchor), wanted)
    torch.testing.assert_close(encode_boxes(box, anchor, (10, 10, 5, 5)), wanted * torch.tensor([10, 10, 5, 5]))
    torch.testing.assert_close(decode_boxes(wanted, anchor), box)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_encoding_and_decoding_equal_torchvision_bit_for_bit(weights, dtype):
    boxes, anchors = random_boxes(500, dtype=dtype), random_boxes(500, seed=1, dtype=dtype)
    peer = BoxCoder(weights)
    deltas = encode_boxes(boxes, anchors, weights)
    assert torch.equal(deltas, peer.encode_single(boxes, anchors))
    wild = deltas + 3 * torch.randn(deltas.shape, generator=torch.Generator().manual_seed(2), dtype=dtype)
    assert torch.equal(decode_boxes(wild, anchors, weights), peer.decode_single(wild, anchors))


def test_one_anchor_with_a_box_for_each_class_equals_torchvision():
    anchors, deltas = random_boxes(40), torch.randn(40, 4 * 7, generator=torch.Generator().manual_seed(3))
    assert torch.equal(decode_boxes(deltas, anchors), BoxCoder((1, 1, 1, 1)).decode_single(deltas, anchors))


@pytest.mark.parametrize("weights", WEIGHTS)
def test_decoding_undoes_encoding(weights):
    boxes, anchors = random_boxes(200, dtype=torch.float64), random_boxes(200, seed=1, dtype=torch.float64)
    back = decode_boxes(encode_boxes(boxes, anchors, weights), anchors, weights, clip=math.inf)
    torch.testing.assert_close(back, boxes, rtol=0, atol=1e-10)


def test_leading_dimensions_broadcast():
    anchors, deltas = random_boxes(9), torch.randn(2, 9, 4, generator=torch.Generator().manual_seed(4))
    got = decode_boxes(deltas, anchors)
    assert torch.equal(got, torch.stack([decode_boxes(d, anchors) for d in deltas]))
    assert encode_boxes(random_boxes(3, 1), anchors).shape == (3, 9, 4)
    assert decode_ltrb(deltas, anchors[:, :2]).shape == (2, 9, 4)


def test_the_clip_bounds_the_size_only_from_above():
    anchor = torch.tensor([[0.0, 0, 16, 16]])
    got = decode_boxes(torch.tensor([[0.0, 0, 1e30, -1e30]]), anchor)
    torch.testing.assert_close(got, torch.tensor([[8 - 500.0, 8, 8 + 500, 8]]))
    at_the_clip = decode_boxes(torch.tensor([[0.0, 0, math.log(1000 / 16), 0]]), anchor)
    torch.testing.assert_close(at_the_clip, torch.tensor([[8 - 500.0, 0, 8 + 500, 16]]))


def test_boxes_and_anchors_without_width():
    flat = torch.tensor([[3.0, 0, 3, 1]])
    assert encode_boxes(flat, BOX)[0].tolist() == [2.5, 0, -math.inf, 0]
    assert not encode_boxes(BOX, flat).isfinite().all()
    assert decode_boxes(encode_boxes(flat, BOX), BOX).tolist() == flat.tolist()


def test_empty_integer_and_half_precision_input():
    assert encode_boxes(torch.zeros(0, 4), torch.zeros(0, 4)).shape == (0, 4)
    assert decode_boxes(torch.zeros(0, 8), torch.zeros(0, 4)).shape == (0, 8)
    assert decode_boxes(torch.zeros(3, 0), torch.zeros(3, 4)).shape == (3, 0)
    assert encode_ltrb(torch.zeros(0, 4), torch.zeros(0, 2)).shape == (0, 4)
    whole = torch.tensor([[0, 0, 4, 4], [1, 2, 9, 3]])
    assert torch.equal(encode_boxes(whole, whole.flip(0)), encode_boxes(whole.float(), whole.flip(0).float()))
    assert torch.equal(decode_boxes(torch.zeros(2, 4), whole), whole.float())
    half = decode_boxes(torch.zeros(1, 4).half(), torch.tensor([[1000.5, 1, 1002, 2]]))
    assert half.dtype == torch.float32
    assert half.tolist() == [[1000.5, 1, 1002, 2]]
    assert decode_boxes(torch.zeros(1, 4).half(), BOX.half()).dtype == torch.float16


def test_distances_by_hand_and_equal_to_torchvision():
    assert encode_ltrb(torch.tensor([[1.0, 2, 30, 40]]), torch.tensor([[10.0, 20]])).tolist() == [[9, 18, 20, 20]]
    boxes, anchors = random_boxes(100), random_boxes(100, seed=1)
    points = 0.5 * (anchors[:, :2] + anchors[:, 2:])
    peer = BoxLinearCoder(normalize_by_size=False)
    distances = encode_ltrb(boxes, points)
    assert torch.equal(distances, peer.encode(anchors, boxes))
    assert torch.equal(decode_ltrb(distances, points), peer.decode(distances, anchors))


@pytest.mark.parametrize("weights", WEIGHTS)
def test_gradients(weights):
    boxes, anchors = random_boxes(4, dtype=torch.float64), random_boxes(4, seed=1, dtype=torch.float64)
    boxes.requires_grad_()
    anchors.requires_grad_()
    assert torch.autograd.gradcheck(lambda b, a: encode_boxes(b, a, weights), (boxes, anchors))
    deltas = torch.randn(4, 4, generator=torch.Generator().manual_seed(5), dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda d, a: decode_boxes(d, a, weights), (deltas, anchors))
    points = anchors.detach()[:, :2].requires_grad_()
    assert torch.autograd.gradcheck(encode_ltrb, (boxes, points))
    assert torch.autograd.gradcheck(decode_ltrb, (deltas, points))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    boxes, anchors = random_boxes(500), random_boxes(500, seed=1)
    deltas = encode_boxes(boxes, anchors)
    on_gpu = encode_boxes(boxes.cuda(), anchors.cuda())
    torch.testing.assert_close(on_gpu.cpu(), deltas)
    torch.testing.assert_close(decode_boxes(on_gpu, anchors.cuda()).cpu(), decode_boxes(deltas, anchors))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: encode_boxes(torch.zeros(2, 3), BOX), r"reference_boxes must be \(\.\.\., 4\).*got \(2, 3\)"),
        (lambda: encode_boxes(BOX, torch.tensor([[2.0, 0, 1, 1]])), "anchors must have x1 <= x2.*2.0, 0.0, 1.0"),
        (lambda: encode_boxes(BOX * torch.nan, BOX), "reference_boxes .*NaN"),
        (lambda: encode_boxes(BOX, BOX, (1, 1, 1)), r"four numbers over 0; got \(1, 1, 1\)"),
        (lambda: encode_boxes(BOX, BOX, (1, 1, 1, 0)), "four numbers over 0"),
        (lambda: encode_boxes(BOX, BOX.to("meta")), "one device; got reference_boxes on cpu, anchors on meta"),
        (lambda: decode_boxes(torch.zeros(1, 6), BOX), r"deltas must be .*4K.*got .*\(1, 6\)"),
        (lambda: decode_boxes(torch.zeros(1, 4).long(), BOX), "floating point.*int64"),
        (lambda: encode_ltrb(BOX, torch.zeros(1, 3)), r"points must be \(\.\.\., 2\).*\(1, 3\)"),
        (lambda: encode_ltrb(BOX, torch.full((1, 2), torch.nan)), "points must be without NaN"),
        (lambda: decode_ltrb(torch.zeros(1, 3), torch.zeros(1, 2)), r"distances must be \(\.\.\., 4\)"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
