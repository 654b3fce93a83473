"""Matrix suppression of boxes and of masks, against a slow loop and by hand."""

import math

import pytest
import torch

from seeing import ops
from tests.reference import boxes as slow

BOXES = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 5], [20, 20, 30, 30]])
SCORES = torch.tensor([0.8, 0.6, 0.7])


def scene(n, seed):
    generator = torch.Generator().manual_seed(seed)
    corner = torch.randint(0, 30, (n, 2), generator=generator).double()
    boxes = torch.cat([corner, corner + torch.randint(0, 25, (n, 2), generator=generator)], 1)
    scores = torch.randint(0, 40, (n,), generator=generator).double() / 40
    return boxes, scores, torch.randint(0, 3, (n,), generator=generator)


def rectangles(boxes, size=55):
    """The boxes' masks."""
    y, x = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    left, top, right, bottom = (side[:, None, None] for side in boxes.unbind(-1))
    return (x >= left) & (x < right) & (y >= top) & (y < bottom)


def lowered_in_input_order(n, keep, lowered):
    return torch.zeros(n, dtype=lowered.dtype).index_put((keep,), lowered)


def test_by_hand():
    keep, lowered = ops.matrix_nms(BOXES, SCORES, method="linear")
    assert keep.tolist() == [0, 2, 1]
    torch.testing.assert_close(lowered, torch.tensor([0.8, 0.7, 0.3]))
    keep, lowered = ops.matrix_nms(BOXES, SCORES)
    torch.testing.assert_close(lowered, torch.tensor([0.8, 0.7, 0.6 * math.exp(-0.5)]))


def test_a_suppressed_region_suppresses_less():
    """Three boxes in a row, each half over the next: IoU 1/3. Greedy decay would lower the last by 1/3; so does this,
    divided by the same 1/3 that lowered the middle one."""
    row = torch.tensor([[0.0, 0, 10, 10], [5, 0, 15, 10], [10, 0, 20, 10]])
    _, lowered = ops.matrix_nms(row, torch.tensor([0.9, 0.8, 0.7]), method="linear")
    torch.testing.assert_close(lowered, torch.tensor([0.9, 0.7, 0.8 * 2 / 3]))


@pytest.mark.parametrize("method", ["linear", "gaussian"])
@pytest.mark.parametrize("by_class", [False, True])
@pytest.mark.parametrize("as_masks", [False, True])
def test_it_equals_the_slow_loop(method, by_class, as_masks):
    for seed in range(10):
        boxes, scores, idxs = scene(30, seed)
        overlap = [[slow.iou(a, b) for b in boxes.tolist()] for a in boxes.tolist()]
        categories = idxs.tolist() if by_class else [0] * 30
        wanted = torch.tensor(slow.matrix_nms(overlap, scores.tolist(), categories, 0.5, method)).double()
        regions = rectangles(boxes) if as_masks else boxes
        keep, lowered = ops.matrix_nms(regions, scores, idxs if by_class else None, method=method)
        assert (lowered.diff() <= 0).all()
        assert len(keep) == 30
        torch.testing.assert_close(lowered_in_input_order(30, keep, lowered), wanted, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("method", ["linear", "gaussian"])
def test_equal_regions(method):
    """The first stays as it is. The linear rule leaves nothing of its copies."""
    keep, lowered = ops.matrix_nms(BOXES[[0, 0, 0, 0]], torch.full((4,), 0.5), method=method)
    share = 0 if method == "linear" else math.exp(-2)
    assert keep.tolist() == [0, 1, 2, 3]
    torch.testing.assert_close(lowered, 0.5 * torch.tensor([1, share, share, share]))


def test_low_scores_are_left_out():
    keep, lowered = ops.matrix_nms(BOXES, SCORES, min_score=0.65)
    assert keep.tolist() == [0, 2]
    assert torch.equal(lowered, SCORES[keep])
    assert ops.matrix_nms(BOXES, SCORES, min_score=0.7)[0].tolist() == [0, 2]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_empty_and_half(dtype):
    for regions in (torch.zeros(0, 4, dtype=dtype), torch.zeros(0, 5, 6, dtype=torch.bool)):
        keep, lowered = ops.matrix_nms(regions, torch.zeros(0, dtype=dtype))
        assert keep.shape == lowered.shape == (0,)
        assert keep.dtype == torch.int64
        assert lowered.dtype == dtype
    keep, lowered = ops.matrix_nms(BOXES.to(dtype), SCORES.to(dtype))
    assert keep.tolist() == [0, 2, 1]
    assert lowered.dtype == dtype


def test_empty_masks_do_not_meet():
    masks = torch.zeros(3, 4, 4, dtype=torch.bool)
    keep, lowered = ops.matrix_nms(masks, SCORES)
    assert torch.equal(lowered, SCORES[keep])


@pytest.mark.parametrize("method", ["linear", "gaussian"])
def test_gradients(method):
    generator = torch.Generator().manual_seed(3)
    corner = torch.rand(6, 2, generator=generator, dtype=torch.float64) * 5
    boxes = torch.cat([corner, corner + 6], 1).requires_grad_()
    scores = torch.linspace(0.2, 0.9, 6, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(lambda b, s: ops.matrix_nms(b, s, method=method)[1], (boxes, scores))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_on_a_gpu():
    boxes, scores, idxs = scene(100, 4)
    keep, lowered = ops.matrix_nms(boxes.cuda(), scores.cuda(), idxs.cuda())
    wanted, wanted_scores = ops.matrix_nms(boxes, scores, idxs)
    assert torch.equal(keep.cpu(), wanted)
    torch.testing.assert_close(lowered.cpu(), wanted_scores)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.matrix_nms(BOXES, SCORES, method="hard"), "method must be linear or gaussian; got 'hard'"),
        (lambda: ops.matrix_nms(BOXES, SCORES, sigma=-1), "sigma must be over 0; got -1"),
        (lambda: ops.matrix_nms(torch.zeros(3, 2, 2), SCORES), "masks must be bool; got torch.float32"),
        (lambda: ops.matrix_nms(torch.zeros(2, 2, 2).bool(), SCORES), r"scores must be floating point, \(2,\)"),
        (lambda: ops.matrix_nms(BOXES, SCORES, torch.zeros(2)), r"idxs must be \(3,\); got \(2,\)"),
        (lambda: ops.matrix_nms(BOXES, -SCORES), "scores must be at least 0, without NaN; got -0.8"),
        (lambda: ops.matrix_nms(rectangles(BOXES), SCORES * torch.nan), "without NaN; got nan"),
        (lambda: ops.matrix_nms(-BOXES, SCORES), "x1 <= x2 and y1 <= y2"),
        (lambda: ops.matrix_nms(BOXES[0], SCORES), r"boxes must be \(N, 4\); got \(4,\)"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
