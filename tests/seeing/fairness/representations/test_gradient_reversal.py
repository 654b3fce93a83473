"""Gradient reversal against gradients taken by hand: only the encoder may see the minus."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from seeing.fairness.representations.gradient_reversal import (
    AdversarialModel,
    adversarial_loss,
    ganin_schedule,
    reverse_gradient,
)
from seeing.training import fit


def test_forward_is_the_identity_and_backward_minus_strength():
    points = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    out = reverse_gradient(points, 2.5)
    assert torch.equal(out, points)
    out.backward(torch.ones_like(out))
    assert torch.equal(points.grad, torch.full_like(points, -2.5))
    (cut,) = torch.autograd.grad(reverse_gradient(points, 0.0).sum(), points)
    assert not cut.any()


def test_second_gradients():
    """The gradient is -3 * 2 points, as a function whose own gradient is -6, or 18 if that is reversed again."""
    points = torch.randn(3, dtype=torch.float64, requires_grad=True)
    (first,) = torch.autograd.grad(reverse_gradient(points, 3.0).square().sum(), points, create_graph=True)
    torch.testing.assert_close(first, -6 * points)
    (second,) = torch.autograd.grad(first.sum(), points)
    torch.testing.assert_close(second, torch.full_like(points, 18))


@pytest.mark.parametrize("strength", [0.0, 0.3, 1.0, 4.0])
def test_only_the_encoder_sees_the_reversed_gradient(strength):
    torch.manual_seed(0)
    model = AdversarialModel(5, labels=3, groups=4, width=8, size=6, strength=strength).double()
    x = torch.randn(20, 5, dtype=torch.float64)
    label, group = torch.randint(3, (20,)), torch.randint(4, (20,))
    output = model(x)
    assert output.representation.shape == (20, 6)
    assert output.label.shape == (20, 3)
    assert output.group.shape == (20, 4)
    adversarial_loss(output, (label, group)).backward()

    z = model.encoder(x)
    label_loss = F.cross_entropy(model.predictor(z), label)
    group_loss = F.cross_entropy(model.adversary(z), group)
    parts = {name: list(getattr(model, name).parameters()) for name in ("encoder", "predictor", "adversary")}
    by_label = torch.autograd.grad(label_loss, parts["encoder"], retain_graph=True)
    by_group = torch.autograd.grad(group_loss, parts["encoder"], retain_graph=True)
    wanted = {
        "encoder": [a - strength * b for a, b in zip(by_label, by_group, strict=True)],
        "predictor": torch.autograd.grad(label_loss, parts["predictor"]),
        "adversary": torch.autograd.grad(group_loss, parts["adversary"]),
    }
    for name, parameters in parts.items():
        for parameter, gradient in zip(parameters, wanted[name], strict=True):
            torch.testing.assert_close(parameter.grad, gradient)


def test_the_encoder_unlearns_the_group_the_more_the_stronger():
    """The label depends on merit and on the group; a linear encoder shows how far it uses each."""
    generator = torch.Generator().manual_seed(0)
    group = torch.randint(2, (400,), generator=generator)
    merit, noise = torch.randn(2, 400, generator=generator)
    label = (merit + 0.8 * (2 * group - 1) + 0.5 * noise > 0).long()
    x = torch.stack([merit, 2.0 * group - 1], 1)

    def weight_of_the_group(strength):
        torch.manual_seed(0)
        model = AdversarialModel(2, width=8, size=1, strength=strength)
        model.encoder = nn.Linear(2, 1)
        fit(model, lambda step: (x, (label, group)), adversarial_loss, 150, rate=0.02)
        merit_weight, group_weight = model.encoder.weight[0].tolist()
        return group_weight / merit_weight

    weights = [weight_of_the_group(strength) for strength in (0.0, 0.3, 1.0, 3.0)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == pytest.approx(0.8, abs=0.3)
    assert abs(weights[-1]) < weights[0] / 2


def test_the_schedule():
    assert ganin_schedule(0) == 0
    assert ganin_schedule(1, 3) == pytest.approx(3 * 0.99990920, abs=1e-7)
    assert ganin_schedule(0.1) == pytest.approx(0.46211716, abs=1e-8)  # tanh(5 * .1)


def test_bad_input_is_refused_with_what_came():
    for strength in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match=f"strength must be finite and at least 0; got {strength}"):
            reverse_gradient(torch.zeros(1), strength)
    with pytest.raises(ValueError, match=r"done must lie in \[0, 1\]; got 1.5"):
        ganin_schedule(1.5)
