"""The rules of FCOS and ATSS, against slow loops, against torchvision and worked by hand."""

import math

import pytest
import torch

from seeing.ops.anchors import grid_anchors, grid_centers
from seeing.ops.assign_points import match_atss, match_fcos
from tests.reference import assignment as reference

RANGES = [(0, 16), (16, 32), (32, math.inf)]
STRIDES = [4, 8, 16]
POINTS = [grid_centers(64 // stride, stride) for stride in STRIDES]
ANCHORS = [grid_anchors(64 // s, s, [4 * s], [1.0], offset=0.5, rounded=False) for s in STRIDES]


def random_boxes(count: int, seed: int) -> torch.Tensor:
    """Whole pixels: points on edges, equal areas and distances on the boundary of two ranges do occur."""
    generator = torch.Generator().manual_seed(seed)
    corner = torch.randint(0, 44, (count, 2), generator=generator)
    return torch.cat([corner, corner + torch.randint(1, 40, (count, 2), generator=generator)], dim=1).float()


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("radius", [None, 1.5, 0.5])
def test_fcos_equals_the_slow_loop(seed, radius):
    boxes = random_boxes(seed % 6, seed)
    got = match_fcos(POINTS, boxes, STRIDES, RANGES, radius)
    wanted = reference.match_fcos([p.tolist() for p in POINTS], boxes.tolist(), STRIDES, RANGES, radius)
    assert got.tolist() == wanted


def test_fcos_by_hand():
    points = [torch.tensor([[5.0, 5], [10, 10], [25, 25], [0, 5]])]
    boxes = torch.tensor([[0.0, 0, 20, 20], [4, 4, 16, 16]])
    # In both boxes the smaller wins; (25, 25) is in none; (0, 5) is on the edge of the first, so in none.
    assert match_fcos(points, boxes, [8], [(0, 64)], None).tolist() == [1, 1, -1, -1]
    # Only (10, 10) is less than half a stride from a centre.
    assert match_fcos(points, boxes, [8], [(0, 64)], 0.5).tolist() == [-1, 1, -1, -1]
    # From (5, 5) the farthest sides are 15 and 11 pixels away, from (10, 10) 10 and 6.
    assert match_fcos(points, boxes, [8], [(11, 15)], None).tolist() == [1, -1, -1, -1]
    assert match_fcos(points, boxes, [8], [(11.5, 15)], None).tolist() == [0, -1, -1, -1]


def test_fcos_of_equal_areas_the_first_box_wins():
    boxes = torch.tensor([[0.0, 0, 10, 10], [1, 1, 11, 11]])
    assert match_fcos([torch.tensor([[5.0, 5]])], boxes, [8], [(0, 64)]).tolist() == [0]


def test_atss_by_hand():
    """Candidates are the two nearest of each level; their IoU is 1 and 0, then .25 and 0; mean .3125, deviation .47."""
    first = torch.tensor([[0.0, 0, 10, 10], [20, 0, 30, 10], [90, 0, 100, 10]])
    second = torch.tensor([[-5.0, -5, 15, 15], [30, 0, 40, 10]])
    box = torch.tensor([[0.0, 0, 10, 10]])
    assert match_atss([first, second], box, topk=2).tolist() == [0, -1, -1, -1, -1]


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("topk", [1, 4, 9])
def test_atss_equals_the_slow_loop(seed, topk):
    boxes = random_boxes(1 + seed % 5, seed).double()
    levels = [level.double() for level in ANCHORS]
    got = match_atss(levels, boxes, topk)
    assert got.tolist() == reference.match_atss([level.tolist() for level in levels], boxes.tolist(), topk)


def test_atss_gives_every_larger_object_some_anchor():
    boxes = torch.tensor([[3.0, 5, 30, 31], [30, 30, 62, 60]])
    assert set(match_atss(ANCHORS, boxes).tolist()) == {-1, 0, 1}


def test_a_single_candidate_is_its_own_threshold():
    assert match_atss([torch.tensor([[0.0, 0, 4, 4]])], torch.tensor([[0.0, 0, 3, 3]]), topk=9).tolist() == [0]


def test_integer_boxes():
    boxes = random_boxes(4, 3)
    assert torch.equal(match_fcos(POINTS, boxes.long(), STRIDES, RANGES), match_fcos(POINTS, boxes, STRIDES, RANGES))
    assert torch.equal(match_atss(ANCHORS, boxes.long()), match_atss(ANCHORS, boxes))


def test_empty_input():
    none = torch.zeros(0, 4)
    assert match_fcos(POINTS, none, STRIDES, RANGES).tolist() == [-1] * 336
    assert match_atss(ANCHORS, none).tolist() == [-1] * 336
    for got in (match_fcos([], random_boxes(2, 0), [], []), match_atss([none], random_boxes(2, 0))):
        assert (got.shape, got.dtype) == ((0,), torch.int64)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    boxes = random_boxes(5, 1)
    points, anchors = [p.cuda() for p in POINTS], [a.cuda() for a in ANCHORS]
    assert torch.equal(
        match_fcos(points, boxes.cuda(), STRIDES, RANGES).cpu(), match_fcos(POINTS, boxes, STRIDES, RANGES)
    )
    assert torch.equal(match_atss(anchors, boxes.cuda()).cpu(), match_atss(ANCHORS, boxes))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: match_fcos(POINTS, torch.zeros(1, 4), [4], RANGES), "each level; got 3, 1 and 3"),
        (lambda: match_fcos(POINTS, torch.zeros(4), STRIDES, RANGES), r"boxes must be \(N, 4\)"),
        (lambda: match_fcos(POINTS, torch.tensor([[1.0, 0, 0, 0]]), STRIDES, RANGES), "x1 <= x2"),
        (lambda: match_atss(ANCHORS, torch.zeros(1, 4), topk=0), "topk must be at least 1; got 0"),
        (lambda: match_atss([torch.zeros(1, 5)], torch.zeros(1, 4)), "anchors must be"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
