"""The detections of a whole batch, against those of each image alone."""

import pytest
import torch

from seeing.ops import batched_detections, best_detections


def candidates(seed: int, count: int = 300, images: int = 5):
    generator = torch.Generator().manual_seed(seed)
    corner = torch.rand(count, 2, generator=generator) * 40
    boxes = torch.cat([corner, corner + 5 + 20 * torch.rand(count, 2, generator=generator)], 1)
    scores = torch.rand(count, generator=generator).mul(50).round() / 50  # with ties
    labels = torch.randint(1, 4, (count,), generator=generator)
    image = torch.randint(0, images, (count,), generator=generator)
    return boxes, scores, labels, image.masked_fill(image == 2, 3)  # the third image has none


@pytest.mark.parametrize("most", [0, 4, 100])
@pytest.mark.parametrize("seed", range(3))
def test_each_image_is_served_as_if_it_were_alone(seed, most):
    boxes, scores, labels, image = candidates(seed)
    found = batched_detections(boxes, scores, labels, image, 5, 0.4, most)
    assert len(found) == 5
    for number, part in enumerate(found):
        own = image == number
        wanted = best_detections(boxes[own], scores[own], labels[own], 0.4, most)
        assert all(torch.equal(part[key], wanted[key]) for key in wanted)
    assert len(found[2]["boxes"]) == 0


def test_no_candidates_and_no_images():
    none = torch.zeros(0, dtype=torch.int64)
    found = batched_detections(torch.zeros(0, 4), torch.zeros(0), none, none, 2)
    assert [tuple(part["boxes"].shape) for part in found] == [(0, 4), (0, 4)]
    assert batched_detections(torch.zeros(0, 4), torch.zeros(0), none, none, 0) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"detections_per_img": -1}, "at least 0; got -1"),
        ({"num_images": -1}, "at least 0"),
        ({"labels": torch.ones(3)}, "labels must be int64"),
        ({"images": torch.ones(2, dtype=torch.int64)}, "images must be int64"),
        ({"images": torch.tensor([0, 5, 1])}, r"images must be in 0..1 and labels at least 0; got images 0 to 5"),
        ({"images": torch.tensor([0, -1, 1])}, "got images -1 to 1"),
        ({"labels": torch.tensor([0, -1, 1])}, "labels from -1"),
    ],
)
def test_bad_input_is_named(change, message):
    whole = torch.ones(3, dtype=torch.int64)
    good = {"boxes": torch.zeros(3, 4), "scores": torch.ones(3), "labels": whole, "images": whole, "num_images": 2}
    with pytest.raises(ValueError, match=message):
        batched_detections(**{**good, **change})
