"""Losses of several terms, outputs of several parts, clipping and the hook, beside a loop written out."""

import math
import os
import signal
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seeing.models.detection import Detector
from seeing.training import fit
from seeing.training.precision import as_float32

STEPS, RATE, CLIP = 25, 0.02, 0.5


class Parts(NamedTuple):
    """What `TwoHeads` says of N rows."""

    kind: Tensor
    """(N, 3)"""
    size: Tensor
    """(N,)"""


class TwoHeads(nn.Module):
    """A class and a number for each row, from a body with dropout and batch normalisation."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.body = nn.Sequential(nn.Linear(4, 8, bias=False), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2))
        self.kind, self.size = nn.Linear(8, 3), nn.Linear(8, 1)

    def forward(self, x):
        x = self.body(x)
        return Parts(self.kind(x), self.size(x)[:, 0])


def batch(step):
    g = torch.Generator().manual_seed(step)
    x = torch.randn(16, 4, generator=g)
    return x, Parts(x[:, :3].argmax(1), 3 * x.sum(1))


def double_batch(step):
    x, targets = batch(step)
    return x.double(), targets._replace(size=targets.size.double())


def terms(outputs, targets):
    return {"kind": F.cross_entropy(outputs.kind, targets.kind), "size": F.mse_loss(outputs.size, targets.size)}


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True))


def slow_loop(model, batch, steps):
    """AdamW, its rate and its clipping, by their formulas; the terms of each step."""
    parameters = list(model.parameters())
    mean, square = ([torch.zeros_like(p) for p in parameters] for _ in range(2))
    recorded, norms = [], []
    for step in range(steps):
        x, targets = batch(step)
        losses = terms(model(x), targets)
        recorded.append({name: value.item() for name, value in losses.items()})
        gradients = torch.autograd.grad(losses["kind"] + losses["size"], parameters)
        norms.append(math.sqrt(sum(float((g**2).sum()) for g in gradients)))
        share = min(1.0, CLIP / (norms[-1] + 1e-6))  # PyTorch adds this, against a norm of 0
        done = step / steps
        rate = RATE * (0.04 + 4.8 * done if done < 0.2 else (1 + math.cos(math.pi * (done - 0.2) / 0.8)) / 2)
        with torch.no_grad():
            for p, g, m, v in zip(parameters, gradients, mean, square, strict=True):
                m.mul_(0.9).add_(0.1 * share * g)
                v.mul_(0.999).add_(0.001 * (share * g) ** 2)
                corrected = m / (1 - 0.9 ** (step + 1)), v / (1 - 0.999 ** (step + 1))
                p.mul_(1 - rate * 1e-2).sub_(rate * corrected[0] / (corrected[1].sqrt() + 1e-8))
    return recorded, norms


def test_equals_a_loop_written_out():
    ours, slow = TwoHeads().double(), TwoHeads().double()
    torch.manual_seed(1)
    got = fit(ours, double_batch, terms, STEPS, rate=RATE, weight_decay=1e-2, clip=CLIP)
    torch.manual_seed(1)
    recorded, norms = slow_loop(slow, double_batch, STEPS)
    assert max(norms) > 2 * CLIP  # so the clipping did something
    assert [step.keys() for step in got] == [{"kind", "size"}] * STEPS
    for a, b in zip(got, recorded, strict=True):
        assert a == pytest.approx(b, rel=1e-9)
    for name, value in ours.state_dict().items():
        torch.testing.assert_close(value, slow.state_dict()[name], rtol=1e-9, atol=1e-12)


def test_a_gradient_shorter_than_the_clip_is_left_as_it_is():
    clipped, free = TwoHeads(), TwoHeads()
    for model, clip in ((clipped, 1e9), (free, None)):
        torch.manual_seed(1)
        fit(model, batch, terms, 5, clip=clip)
    assert same(clipped, free)


def test_an_interrupted_run_with_hook_clip_and_terms_ends_as_one_that_was_not(tmp_path):
    """The hook draws random numbers, and scores in evaluation mode: both are part of the run."""

    def watched(model, seen, interrupt_at=None):
        def after_step(step, loss):
            model.eval()
            seen[step] = loss, torch.rand(()).item(), model(batch(99)[0]).size.sum().item()
            if step == interrupt_at:
                os.kill(os.getpid(), signal.SIGINT)

        return after_step

    whole, stopped, again = TwoHeads(), TwoHeads(), TwoHeads()
    seen, seen_in_two = {}, {}
    torch.manual_seed(1)
    losses = fit(whole, batch, terms, STEPS, clip=CLIP, after_step=watched(whole, seen))
    assert [seen[step][0] for step in range(STEPS)] == losses
    torch.manual_seed(1)
    kept = {"clip": CLIP, "resume": tmp_path / "run.pt", "save_every": 5}
    with pytest.raises(KeyboardInterrupt):
        fit(stopped, batch, terms, STEPS, after_step=watched(stopped, seen_in_two, 11), **kept)
    assert sorted(seen_in_two) == list(range(12))
    torch.manual_seed(99)
    rest = fit(again, batch, terms, STEPS, after_step=watched(again, seen_in_two), **kept)
    assert rest == losses[12:]
    assert seen_in_two == seen
    assert same(whole, again)
    assert not list(tmp_path.iterdir())


def test_no_kept_step_lacks_its_hook(tmp_path):
    """A hook that fails on the step to be kept: that step is made and seen again."""
    seen = []

    def fails_once(step, loss):
        seen.append(step)
        if seen == [0, 1, 2, 3]:
            raise OSError("disk full")

    model, run = TwoHeads(), {"resume": tmp_path / "run.pt", "save_every": 2}
    with pytest.raises(OSError, match="disk full"):
        fit(model, batch, terms, 6, after_step=fails_once, **run)
    assert len(fit(model, batch, terms, 6, after_step=fails_once, **run)) == 4
    assert seen == [0, 1, 2, 3, 2, 3, 4, 5]


def test_after_a_hook_the_model_trains_on():
    model, modes = TwoHeads(), []
    model.body.register_forward_pre_hook(lambda part, inputs: modes.append(part.training))
    fit(model, batch, terms, 3, after_step=lambda step, loss: model.eval())
    assert modes == [True] * 3
    assert not model.training


def test_under_autocast_the_loss_sees_float32_in_the_same_structure():
    model, seen = TwoHeads(), []
    inside = []
    model.kind.register_forward_hook(lambda part, inputs, output: inside.append(output.dtype))

    def loss(outputs, targets):
        seen.append(outputs)
        return terms(outputs, targets)

    losses = fit(model, batch, loss, 60, rate=RATE, autocast=torch.bfloat16)
    assert set(inside) == {torch.bfloat16}
    assert all(type(o) is Parts and {o.kind.dtype, o.size.dtype} == {torch.float32} for o in seen)
    assert sum(sum(loss.values()) for loss in losses[-10:]) < 0.7 * sum(sum(loss.values()) for loss in losses[:10])


def test_outputs_of_any_structure_are_widened():
    @dataclass
    class Box:
        x: Tensor
        name: str

    half = torch.tensor([0.5, 0.25], dtype=torch.bfloat16, requires_grad=True)
    whole = torch.tensor([1, 2])
    nested = {"a": [half, (whole, None)], "b": Parts(half, whole > 1), "c": OrderedDict(d=Box(half, "x")), "e": 3}
    got = as_float32(nested)
    assert got["a"][1] == (whole, None)
    assert got["a"][1][0] is whole
    assert type(got["b"]) is Parts
    assert got["b"].size.dtype == torch.bool
    assert (got["c"]["d"].name, got["e"]) == ("x", 3)
    for value in (got["a"][0], got["b"].kind, got["c"]["d"].x, as_float32(half)):
        assert value.dtype == torch.float32
        assert value.tolist() == [0.5, 0.25]
        assert value.requires_grad
    assert as_float32(()) == ()
    assert as_float32({}) == {}


class Centres(Detector):
    """A score for each pixel: the smallest detector that learns."""

    num_classes = 2
    size_divisible = 4

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.score = nn.Conv2d(3, 1, 1)

    def predict(self, images):
        return (self.score(images)[:, 0],)

    def losses(self, predictions, targets):
        wanted = torch.zeros_like(predictions[0])
        for image, target in zip(wanted, targets, strict=True):
            x, y = target["boxes"].long()[:, :2].T
            image[y, x] = 1
        weight = 1 + 20 * wanted
        score = F.binary_cross_entropy_with_logits(predictions[0], wanted, weight)
        return {"score": score, "small": 1e-4 * self.score.weight.square().sum()}

    def detections(self, predictions, image_sizes):
        found = []
        for scores, (height, width) in zip(predictions[0].sigmoid(), image_sizes, strict=True):
            y, x = torch.where(scores[:height, :width] > 0.5)
            boxes = torch.stack([x, y, x + 1, y + 1], 1).float()
            found.append({"boxes": boxes, "scores": scores[y, x], "labels": torch.ones_like(x)})
        return found


def bright_points(step):
    g = torch.Generator().manual_seed(step)
    images, targets = 0.3 * torch.rand(2, 3, 8, 8, generator=g), []
    for image in images:
        x, y = torch.randint(8, (2,), generator=g).tolist()
        image[:, y, x] += torch.tensor([0.6, 0, 0])
        targets.append({"boxes": torch.tensor([[x, y, x + 1.0, y + 1]]), "labels": torch.ones(1, dtype=torch.int64)})
    return images, targets


@pytest.mark.parametrize("autocast", [None, torch.bfloat16])
def test_a_detector_trains_in_one_call(autocast):
    detector = Centres()
    losses = fit(
        detector, bright_points, detector.losses, 300, forward=detector.predict, rate=0.3, clip=10.0, autocast=autocast
    )
    assert set(losses[0]) == {"score", "small"}
    assert losses[-1]["score"] < 0.3 * losses[0]["score"]
    images, targets = bright_points(1000)
    for found, target in zip(detector(images), targets, strict=True):
        assert found["boxes"].tolist() == target["boxes"].tolist()


def bad(kind):
    """A loss that is right for two steps."""
    calls = []

    def loss(outputs, targets):
        calls.append(0)
        value = F.mse_loss(outputs.size, targets.size)
        return kind(value) if len(calls) == 3 else {"box": value}

    return loss


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (lambda v: {}, "no terms at step 2: its dictionary is empty"),
        (lambda v: {"box": v, "mask": v * torch.nan}, "the term 'mask' of the loss is nan at step 2: try a lower rate"),
        (lambda v: {"box": v * torch.inf}, "the term 'box' of the loss is inf at step 2"),
        (lambda v: {"a": v * 0 + 3e38, "b": v * 0 + 3e38}, "the sum of the loss's terms is inf at step 2"),
        (
            lambda v: {"box": v.expand(2)},
            r"the term 'box' of the loss must be one number; got the shape \(2,\) at step",
        ),
        (lambda v: {"box": v.expand(0)}, r"got the shape \(0,\) at step 2"),
        (lambda v: {"box": v, "size": 0.0}, "the term 'size' of the loss must be a tensor of one number; got float"),
        (lambda v: v.item(), "the loss must be a tensor of one number; got float at step 2"),
        (lambda v: v.expand(2), r"the loss must be one number; got the shape \(2,\) at step 2"),
        (lambda v: {"box": v.detach()}, "depends on no parameter that is trained at step 2"),
    ],
)
def test_a_bad_loss_is_refused_in_words(kind, message):
    model = TwoHeads()
    with pytest.raises(ValueError, match=message):
        fit(model, batch, bad(kind), 5)


@pytest.mark.parametrize("clip", [0, -1.0, math.nan])
def test_clip_is_checked(clip):
    with pytest.raises(ValueError, match="clip must be over 0; got"):
        fit(TwoHeads(), batch, terms, 5, clip=clip)


def test_a_gradient_without_a_norm_is_refused_before_it_is_taken():
    """The square root of 0 is finite, and its slope is not."""
    model = TwoHeads()
    before = [p.clone() for p in model.parameters()]
    with pytest.raises(ValueError, match=r"the norm of the gradient is (nan|inf) at step 0"):
        fit(model, batch, lambda y, t: (y.size * 0).sum().sqrt(), 5, clip=1.0)
    assert all(map(torch.equal, before, model.parameters()))
