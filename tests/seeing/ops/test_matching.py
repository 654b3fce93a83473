"""Matching by IoU, against torchvision's matchers, against slow loops and worked by hand."""

import pytest
import torch
from torchvision.models.detection._utils import Matcher, SSDMatcher
from torchvision.ops import box_iou

from seeing.ops.matching import BACKGROUND, IGNORED, ignore_regions, match_argmax, match_rpn, match_ssd
from tests.reference import assignment as reference

# Three objects, five anchors. Anchor 4 is the best of object 1 and of object 2.
IOU = torch.tensor(
    [
        [0.80, 0.70, 0.30, 0.29, 0.00],
        [0.10, 0.20, 0.10, 0.00, 0.25],
        [0.00, 0.10, 0.00, 0.00, 0.20],
    ]
)


def random_iou(objects: int, anchors: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    corner = torch.rand(objects + anchors, 2, generator=generator) * 60
    boxes = torch.cat([corner, corner + torch.rand(objects + anchors, 2, generator=generator) * 40 + 1], dim=1)
    return box_iou(boxes[:objects], boxes[objects:])


def test_argmax_by_hand_with_the_thresholds_on_the_boundary():
    assert match_argmax(IOU, 0.7, 0.3).tolist() == [0, 0, IGNORED, BACKGROUND, BACKGROUND]
    assert match_argmax(IOU, 0.71, 0.31).tolist() == [0, IGNORED, BACKGROUND, BACKGROUND, BACKGROUND]
    assert match_argmax(IOU, 0.7, 0.3, allow_low_quality=True).tolist() == [0, 0, IGNORED, BACKGROUND, 1]


def test_a_forced_match_takes_all_ties_and_follows_the_anchors_own_best_object():
    iou = torch.tensor([[0.4, 0.4, 0.1], [0.5, 0.0, 0.6]])
    # Object 0 forces anchors 0 and 1; anchor 0 goes to object 1 all the same.
    assert match_argmax(iou, 0.9, 0.9, allow_low_quality=True).tolist() == [1, 0, 1]


def test_of_equal_objects_the_first_wins():
    assert match_argmax(torch.full((3, 2), 0.6), 0.5, 0.5).tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("low_quality", [False, True])
@pytest.mark.parametrize(("high", "low"), [(0.7, 0.3), (0.5, 0.5), (0.0, 0.0)])
def test_argmax_equals_torchvision(seed, low_quality, high, low):
    iou = random_iou(1 + seed % 7, 40, seed)
    if seed % 2:
        iou = (iou * 10).round() / 10  # many ties, and values on the thresholds
    wanted = Matcher(high, low, low_quality)(iou)
    assert torch.equal(match_argmax(iou, high, low, low_quality), wanted)


def test_rpn_is_the_forced_argmax_but_for_objects_that_touch_nothing():
    assert torch.equal(match_rpn(IOU), match_argmax(IOU, 0.7, 0.3, allow_low_quality=True))
    iou = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.8, 0.4]])
    assert match_argmax(iou, 0.7, 0.3, allow_low_quality=True).tolist() == [0, 1, 1]
    assert match_rpn(iou).tolist() == [BACKGROUND, 1, IGNORED]


@pytest.mark.parametrize("seed", range(20))
def test_ssd_equals_the_slow_loop(seed):
    iou = random_iou(1 + seed % 9, 6 + seed, seed).double()
    if seed % 2:
        iou = (iou * 10).round() / 10
    assert match_ssd(iou).tolist() == reference.match_ssd(iou.tolist(), 0.5)


@pytest.mark.parametrize("seed", range(20))
def test_ssd_equals_torchvision_where_no_two_objects_want_one_anchor(seed):
    iou = random_iou(4, 300, seed)
    favourites = iou.argmax(dim=1)
    if len(favourites.unique()) < 4 or iou.amax(dim=1).min() == 0:
        pytest.skip("two objects want one anchor, or an object touches none")
    assert torch.equal(match_ssd(iou), SSDMatcher(0.5)(iou))


def test_ssd_gives_each_object_an_anchor_of_its_own():
    # Object 1 has anchor 4 first; object 2 must take its second choice, which nobody else has.
    assert match_ssd(IOU).tolist() == [0, 2, BACKGROUND, BACKGROUND, 1]
    assert SSDMatcher(0.5)(IOU).tolist() == [0, 0, BACKGROUND, BACKGROUND, 2]


def test_ssd_threshold_is_exclusive_and_an_object_that_touches_nothing_goes_without():
    iou = torch.tensor([[0.9, 0.5, 0.5000001, 0.0], [0.0, 0.0, 0.0, 0.0]])
    assert match_ssd(iou).tolist() == [0, BACKGROUND, 0, BACKGROUND]


def test_more_objects_than_anchors():
    assert match_ssd(torch.tensor([[0.1], [0.3], [0.2]])).tolist() == [1]
    assert match_argmax(torch.tensor([[0.1], [0.3], [0.2]]), 0.2, 0.2).tolist() == [1]


@pytest.mark.parametrize("rule", [lambda iou: match_argmax(iou, 0.7, 0.3, True), match_rpn, match_ssd])
def test_without_objects_all_is_background(rule):
    assert rule(torch.zeros(0, 3)).tolist() == [BACKGROUND] * 3
    got = rule(torch.zeros(2, 0))
    assert (got.shape, got.dtype) == ((0,), torch.int64)


def test_anchors_in_a_crowd_learn_nothing():
    anchors = torch.tensor([[0.0, 0, 10, 10], [5, 0, 15, 10], [5.1, 0, 15.1, 10], [0, 0, 4, 4], [10, 3, 10, 3]])
    crowd = torch.tensor([[0.0, 0, 10, 10], [100, 100, 101, 101]])
    matches = torch.tensor([BACKGROUND, BACKGROUND, BACKGROUND, 2, BACKGROUND])
    # Covered wholly, exactly by half, by less; an object stays an object; a point on the edge is inside.
    assert ignore_regions(matches, anchors, crowd).tolist() == [IGNORED, IGNORED, BACKGROUND, 2, IGNORED]
    assert torch.equal(ignore_regions(matches, anchors, crowd[:0]), matches)
    assert ignore_regions(matches[:0], anchors[:0], crowd).shape == (0,)


def test_a_crowd_does_not_reach_an_anchor_beside_it():
    anchors = torch.tensor([[20.0, 0, 30, 10], [20, 5, 20, 5], [0, 20, 10, 30]])
    matches = torch.full((3,), BACKGROUND)
    assert torch.equal(ignore_regions(matches, anchors, torch.tensor([[0.0, 0, 10, 10]])), matches)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    iou = (random_iou(6, 500, 0) * 10).round() / 10
    assert torch.equal(match_argmax(iou.cuda(), 0.7, 0.3, True).cpu(), match_argmax(iou, 0.7, 0.3, True))
    assert torch.equal(match_ssd(iou.cuda()).cpu(), match_ssd(iou))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: match_argmax(torch.zeros(3), 0.7, 0.3), r"\(M, N\) .* got .*\(3,\)"),
        (lambda: match_argmax(torch.zeros(3, 3).long(), 0.7, 0.3), "floating-point.*int64"),
        (lambda: match_argmax(torch.full((1, 1), torch.nan), 0.7, 0.3), "without NaN"),
        (lambda: match_argmax(IOU, 0.3, 0.7), "low must not be over high; got 0.7 and 0.3"),
        (lambda: match_ssd(torch.full((1, 1), torch.nan)), "without NaN"),
        (lambda: ignore_regions(torch.zeros(2), torch.zeros(3, 4), torch.zeros(0, 4)), r"\(3,\), .*got \(2,\)"),
        (lambda: ignore_regions(torch.zeros(1), torch.zeros(1, 4), torch.zeros(1, 5)), "regions must be"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
