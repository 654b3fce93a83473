"""What is known about a scene: worked by hand, and every part against every other."""

import pytest
import torch
from torchvision.ops import masks_to_boxes

from seeing.data import CLASSES, World
from seeing.data.target import VOID
from seeing.data.world.scenes import annotate

CROWDED = World(size=(48, 64), max_objects=7, object_size=(0.15, 0.7), overlap=1.0)


@pytest.fixture(scope="module")
def crowd():
    return CROWDED.scenes(300, seed=3)


def tiny(rows: list[str], labels: list[int], min_pixels: int = 0, min_visible: float = 0.0):
    """One scene whose objects are drawn with letters, 'b' over 'a'; each row of text is one object's row of pixels."""
    inside = torch.tensor([[[c != "." for c in line] for line in block.split()] for block in rows])[None]
    kinds, number = torch.tensor([labels]), torch.tensor([7])
    return annotate(torch.zeros(1, 3, *inside.shape[2:]), inside, kinds, number, min_pixels, min_visible)


def test_two_objects_by_hand():
    scenes = tiny(["aaa.. aaa.. .....", "..bb. ..bb. ..bb."], [1, 4])
    assert scenes.semantic[0].tolist() == [[1, 1, 4, 4, 0], [1, 1, 4, 4, 0], [0, 0, 4, 4, 0]]
    assert scenes.boxes[0].tolist() == [[0, 0, 2, 2], [2, 0, 4, 3]]
    assert scenes.masks[0].sum((1, 2)).tolist() == [4, 6]
    assert scenes.labels[0].tolist() == [1, 4]
    assert scenes.ignored[0].tolist() == [0, 0]
    assert scenes.number.tolist() == [7]


@pytest.mark.parametrize(
    ("min_visible", "min_pixels", "asked"),
    [(0.25, 0, True), (0.2501, 0, False), (0.0, 1, True), (0.0, 2, False), (1.0, 0, False)],
)
def test_the_rule_for_ignored_objects_at_its_boundary(min_visible, min_pixels, asked):
    """One of the four pixels of the object below is visible."""
    scenes = tiny(["aaaa.", ".bbb."], [2, 3], min_pixels, min_visible)
    assert scenes.labels[0].tolist() == [2 * asked, 3]
    assert scenes.ignored[0].tolist() == [2 * (not asked), 0]
    assert scenes.semantic[0].tolist() == [[2 if asked else VOID, 3, 3, 3, 0]]
    assert scenes.boxes[0, 0].tolist() == [0, 0, 1, 1]
    assert [len(target["labels"]) for target in scenes.targets()] == [1 + asked]


def test_three_tenths_of_ten_pixels_are_not_too_few():
    """0.3 has no exact binary form: 3 of 10 must still count."""
    scenes = tiny(["aaaaaaaaaa", "...bbbbbbb"], [1, 1], min_visible=0.3)
    assert scenes.labels[0].tolist() == [1, 1]


def test_an_object_that_is_hidden_in_full_is_not_there():
    scenes = tiny(["aa", "bb"], [1, 2])
    assert scenes.labels[0].tolist() == [0, 2]
    assert scenes.ignored[0].tolist() == [0, 0]
    assert scenes.boxes[0, 0].tolist() == [0, 0, 0, 0]


def test_no_pixel_belongs_to_two_objects(crowd):
    assert crowd.masks.sum(1).max() == 1


def test_boxes_are_torchvisions_with_the_far_pixels_included(crowd):
    seen = crowd.masks.any((2, 3))
    wanted = masks_to_boxes(crowd.masks[seen]) + torch.tensor([0.0, 0, 1, 1])
    assert torch.equal(crowd.boxes[seen], wanted)
    assert not crowd.boxes[~seen].any()


def test_the_label_map_says_what_the_masks_say(crowd):
    wanted = torch.zeros_like(crowd.semantic)
    for masks, labels, ignored, row in zip(crowd.masks, crowd.labels, crowd.ignored, wanted, strict=True):
        for mask, label, other in zip(masks, labels, ignored, strict=True):
            row[mask] = VOID if other else label
    assert torch.equal(crowd.semantic, wanted)
    assert (crowd.ignored > 0).any(), "a crowd hides some"


def test_a_slot_is_asked_for_or_ignored_or_empty(crowd):
    seen = crowd.masks.any((2, 3))
    assert not ((crowd.labels > 0) & (crowd.ignored > 0)).any()
    assert torch.equal((crowd.labels > 0) | (crowd.ignored > 0), seen)
    assert crowd.labels.max() < len(CLASSES)
    large = crowd.masks.sum((2, 3)) >= CROWDED.min_pixels
    assert large[crowd.labels > 0].all()


def test_targets(crowd):
    for asked, everything, scene in zip(crowd.targets(), crowd.targets(include_ignored=True), crowd, strict=True):
        assert not asked["iscrowd"].any()
        assert torch.equal(everything["iscrowd"], scene.ignored[0, scene.masks[0].any((1, 2))] > 0)
        kept = ~everything["iscrowd"]
        for key in ("boxes", "labels", "masks", "area"):
            assert torch.equal(everything[key][kept], asked[key])
        assert torch.equal(asked["area"], asked["masks"].sum((1, 2)).float())
        assert (everything["labels"] > 0).all()
        assert asked["image_id"] == scene.number.item()
        assert {key: value.dtype for key, value in asked.items() if key != "image_id"} == {
            "boxes": torch.float32,
            "labels": torch.int64,
            "masks": torch.bool,
            "area": torch.float32,
            "iscrowd": torch.bool,
        }


def test_a_target_without_objects_keeps_its_shapes():
    target = World(min_objects=0, max_objects=0).scenes(1).targets()[0]
    assert target["boxes"].shape == (0, 4)
    assert target["masks"].shape == (0, 64, 64)
    assert target["labels"].shape == target["area"].shape == target["iscrowd"].shape == (0,)


def test_indexing(crowd):
    assert len(crowd) == 300
    assert crowd[-1].number.tolist() == [299]
    assert crowd[2:5].number.tolist() == [2, 3, 4]
    assert crowd[torch.tensor([5, 0])].number.tolist() == [5, 0]
    assert crowd[crowd.number > 297].number.tolist() == [298, 299]
    assert [scene.number.item() for scene in crowd[:3]] == [0, 1, 2]
    assert crowd[:0].image.shape == (0, 3, 48, 64)
    assert crowd[4].masks.shape == (1, 7, 48, 64)
    with pytest.raises(IndexError, match="300 scenes; got number 300"):
        crowd[300]
