"""The rules for a whole batch, against the rule of each image alone; empty images, empty slots, crowds, bad input."""

import pytest
import torch

from seeing.ops import (
    batched_ignore_regions,
    batched_match_argmax,
    batched_match_ssd,
    box_iou,
    grid_anchors,
    ignore_regions,
    match_argmax,
    match_ssd,
)

ANCHORS = grid_anchors((8, 8), 8, sizes=[12, 20], aspect_ratios=[0.5, 1, 2], offset=0.5)


def batch(seed: int, counts=(3, 0, 7, 1)):
    """Objects in scattered slots; what stands in the empty ones is no proper box."""
    generator = torch.Generator().manual_seed(seed)
    slots = max(counts) + 2
    boxes = torch.full((len(counts), slots, 4), 9.0)
    boxes[..., 2:] = -9
    real = torch.zeros(len(counts), slots, dtype=torch.bool)
    for image, count in enumerate(counts):
        places = torch.randperm(slots, generator=generator)[:count].sort().values
        corner = torch.rand(count, 2, generator=generator) * 48
        boxes[image, places] = torch.cat([corner, corner + 4 + 20 * torch.rand(count, 2, generator=generator)], 1)
        real[image, places] = True
    return boxes, real


RULES = [
    (lambda *a: batched_match_ssd(*a), lambda iou: match_ssd(iou)),
    (lambda *a: batched_match_ssd(*a, 0.3), lambda iou: match_ssd(iou, 0.3)),
    (lambda *a: batched_match_argmax(*a, 0.5, 0.4), lambda iou: match_argmax(iou, 0.5, 0.4)),
    (lambda *a: batched_match_argmax(*a, 0.5, 0.4, True), lambda iou: match_argmax(iou, 0.5, 0.4, True)),
    (lambda *a: batched_match_argmax(*a, 0.3, 0.3, True), lambda iou: match_argmax(iou, 0.3, 0.3, True)),
]


@pytest.mark.parametrize(("batched", "alone"), RULES)
@pytest.mark.parametrize("seed", range(5))
def test_each_image_is_matched_as_if_it_were_alone(batched, alone, seed):
    boxes, real = batch(seed)
    found = batched(boxes, real, ANCHORS)
    assert found.shape == (4, len(ANCHORS))
    for image in range(4):
        slots = real[image].nonzero()[:, 0]
        wanted = alone(box_iou(boxes[image, slots], ANCHORS))
        wanted = torch.where(wanted >= 0, slots[wanted.clamp(min=0)] if len(slots) else wanted, wanted)
        assert torch.equal(found[image], wanted)


@pytest.mark.parametrize(("batched", "_"), RULES)
def test_nothing_to_match(batched, _):
    assert batched(torch.zeros(0, 3, 4), torch.zeros(0, 3, dtype=torch.bool), ANCHORS).shape == (0, len(ANCHORS))
    none = batched(torch.zeros(2, 0, 4), torch.zeros(2, 0, dtype=torch.bool), ANCHORS)
    assert (none == -1).all()
    assert none.shape == (2, len(ANCHORS))
    assert batched(torch.ones(2, 1, 4), torch.ones(2, 1, dtype=torch.bool), ANCHORS[:0]).shape == (2, 0)


def test_crowds_are_taken_out_image_by_image():
    boxes, crowd = batch(9)
    matches = batched_match_argmax(boxes, torch.zeros_like(crowd), ANCHORS, 0.5, 0.4)
    found = batched_ignore_regions(matches, ANCHORS, boxes, crowd)
    for image in range(4):
        assert torch.equal(found[image], ignore_regions(matches[image], ANCHORS, boxes[image, crowd[image]]))
    assert (found == -2).any()
    assert torch.equal(batched_ignore_regions(matches, ANCHORS, boxes, torch.zeros_like(crowd)), matches)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((torch.zeros(2, 4), torch.ones(2, dtype=torch.bool), ANCHORS), "boxes must be"),
        ((torch.zeros(1, 2, 4), torch.ones(1, 3, dtype=torch.bool), ANCHORS), r"a bool for each slot, \(1, 2\)"),
        ((torch.zeros(1, 2, 4), torch.ones(1, 2), ANCHORS), "a bool for each slot"),
        ((torch.zeros(1, 2, 4), torch.ones(1, 2, dtype=torch.bool), ANCHORS[:, :2]), "anchors must be"),
        ((torch.tensor([[[9.0, 0, 3, 4]]]), torch.ones(1, 1, dtype=torch.bool), ANCHORS), "x1 <= x2"),
    ],
)
def test_bad_input_is_named(arguments, message):
    for batched, _ in RULES:
        with pytest.raises(ValueError, match=message):
            batched(*arguments)
