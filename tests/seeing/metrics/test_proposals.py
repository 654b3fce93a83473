"""Proposal metrics by hand, at the threshold, over data sets and without boxes."""

import pytest
import torch
import torchvision.ops

from seeing.metrics import best_overlaps, mean_best_overlap, recall

OBJECTS = torch.tensor([[0.0, 0, 10, 10], [20, 20, 30, 30]])
PROPOSALS = torch.tensor([[0.0, 0, 10, 7], [0, 0, 10, 5], [20, 20, 25, 30], [50, 50, 60, 60]])


def test_by_hand():
    assert best_overlaps(PROPOSALS, OBJECTS).tolist() == pytest.approx([0.7, 0.5])
    assert mean_best_overlap(PROPOSALS, OBJECTS).item() == pytest.approx(0.6)
    assert recall(PROPOSALS, OBJECTS).item() == 1
    assert recall(PROPOSALS, OBJECTS, 0.6).item() == 0.5


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_an_overlap_of_exactly_the_threshold_counts(dtype):
    proposals, objects = PROPOSALS.to(dtype), OBJECTS.to(dtype)
    assert recall(proposals, objects, 0.5).item() == 1
    assert recall(proposals, objects, 0.7).item() == 0.5
    assert recall(proposals, objects, 0.5000001).item() == 0.5
    assert recall(proposals, objects, 0.7000001).item() == 0
    assert recall(proposals, objects, 0).item() == 1


def test_equal_to_torchvisions_overlaps():
    generator = torch.Generator().manual_seed(0)
    corners = torch.rand(2, 40, 2, 2, generator=generator).sort(2).values * 100
    proposals, objects = corners.flatten(2)
    assert torch.equal(best_overlaps(proposals, objects), torchvision.ops.box_iou(objects, proposals).amax(1))


def test_a_data_set_counts_objects_not_images():
    many = [PROPOSALS, PROPOSALS[:1], torch.empty(0, 4)]
    objects = [OBJECTS, OBJECTS[:1], OBJECTS[1:]]
    assert best_overlaps(many, objects).tolist() == pytest.approx([0.7, 0.5, 0.7, 0])
    assert mean_best_overlap(many, objects).item() == pytest.approx(1.9 / 4)
    assert recall(many, objects, 0.7).item() == 0.5


def test_without_proposals_nothing_is_found_and_without_objects_there_is_no_mean():
    none = torch.empty(0, 4)
    assert best_overlaps(none, OBJECTS).tolist() == [0, 0]
    assert recall(none, OBJECTS).item() == 0
    assert best_overlaps(PROPOSALS, none).shape == (0,)
    assert recall(PROPOSALS, none).isnan()
    assert mean_best_overlap([], []).isnan()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: recall(PROPOSALS, OBJECTS, 1.5), r"threshold must be in \[0, 1\]; got 1.5"),
        (lambda: recall(PROPOSALS[:, :3], OBJECTS), r"proposals must be \(N, 4\); got \(4, 3\)"),
        (lambda: recall(PROPOSALS, OBJECTS[0]), r"boxes must be \(N, 4\); got \(4,\)"),
        (lambda: recall([PROPOSALS], OBJECTS), "two tensors or two sequences"),
        (lambda: recall([PROPOSALS], [OBJECTS, OBJECTS]), "as many images; got 1 and 2"),
        (lambda: recall(PROPOSALS * torch.nan, OBJECTS), "without NaN"),
        (lambda: recall(PROPOSALS.flip(1), OBJECTS), "x1 <= x2"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
