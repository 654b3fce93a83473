"""The contract, kept by the smallest detector: one score for each pixel's brightness."""

from typing import NamedTuple

import pytest
import torch
from torch import nn

from seeing.models.detection import Detector
from seeing.models.detection.detector import padded_batch


class Predictions(NamedTuple):
    scores: torch.Tensor
    """(N, H, W)."""


class Brightest(Detector):
    """Finds the brightest pixel of a picture."""

    num_classes = 2
    size_divisible = 4

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(()))

    def predict(self, images):
        return Predictions(images.sum(1) * self.weight)

    def losses(self, predictions, targets):
        counts = torch.tensor([float(len(target["labels"])) for target in targets])
        return {"count": ((predictions.scores.amax((1, 2)) - counts) ** 2).mean(), "size": self.weight**2}

    def detections(self, predictions, image_sizes):
        found = []
        for scores, (height, width) in zip(predictions.scores, image_sizes, strict=True):
            place = scores[:height, :width].flatten().argmax()
            corner = torch.stack([place % width, place // width])
            box = torch.cat([corner, corner + 1])[None].float()
            found.append({"boxes": box, "scores": scores.amax()[None], "labels": torch.ones(1, dtype=torch.int64)})
        return found


def targets(*counts):
    pixel = torch.tensor([[0.0, 0, 1, 1]])
    return [{"boxes": pixel.expand(n, 4), "labels": torch.ones(n, dtype=torch.int64)} for n in counts]


@pytest.mark.parametrize("training", [True, False])
def test_targets_and_not_the_mode_decide_what_comes_out(training):
    model = Brightest().train(training)
    images = [torch.zeros(3, 5, 7), torch.zeros(3, 8, 2)]
    images[0][:, 4, 6] = 1
    images[1][:, 7, 0] = 0.5
    found = model(images)
    assert [result["boxes"].tolist() for result in found] == [[[6, 4, 7, 5]], [[0, 7, 1, 8]]]
    assert not any(result["scores"].requires_grad for result in found)
    losses = model(images, targets(0, 1))
    assert {name: round(value.item(), 4) for name, value in losses.items()} == {"count": (9 + 0.25) / 2, "size": 1}
    sum(losses.values()).backward()
    assert model.weight.grad is not None


def test_a_batch_and_a_list_are_the_same():
    model = Brightest()
    images = torch.rand(2, 3, 8, 12, generator=torch.Generator().manual_seed(0))
    for a, b in zip(model(images), model(list(images)), strict=True):
        assert all(torch.equal(a[key], b[key]) for key in a)


def test_padding_has_the_mean_colour():
    mean = torch.tensor([0.1, 0.2, 0.3]).view(3, 1, 1)
    batch, _ = padded_batch([torch.ones(3, 2, 2)], 4, mean)
    assert torch.equal(batch[0, :, 2:, :], mean.expand(3, 2, 4))
    assert (batch[0, :, :2, :2] == 1).all()


def test_padding_goes_to_the_right_and_the_bottom_and_copies_nothing_without_need():
    small, wide = torch.ones(3, 3, 3), torch.ones(3, 2, 5)
    batch, sizes = padded_batch([small, wide], 4)
    assert batch.shape == (2, 3, 4, 8)
    assert sizes == [(3, 3), (2, 5)]
    assert torch.equal(batch[0, :, :3, :3], small)
    assert torch.equal(batch[1, :, :2, :5], wide)
    assert batch.sum() == small.sum() + wide.sum()
    whole = torch.rand(2, 3, 8, 4)
    assert padded_batch(whole, 4)[0] is whole


@pytest.mark.parametrize(
    "images", [[], torch.zeros(0, 3, 4, 4), torch.zeros(3, 4, 4), [torch.zeros(1, 4, 4)], torch.zeros(2, 1, 4, 4)]
)
def test_what_is_no_batch_of_pictures_is_refused(images):
    with pytest.raises(ValueError, match="expected a batch"):
        Brightest()(images)


def test_a_target_for_each_image():
    with pytest.raises(ValueError, match="got 1 for 2 images"):
        Brightest()(torch.zeros(2, 3, 4, 4), targets(1))
