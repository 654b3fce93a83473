"""Gradient reversal: an encoder that unlearns what an adversary can tell from its representation."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seeing.arrays import takes_arrays


class GradientReversal(torch.autograd.Function):
    """The identity forwards; backwards, -strength times the gradient."""

    @staticmethod
    def forward(points: Tensor, strength: float) -> Tensor:
        return points.view_as(points)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, float], output: Tensor) -> None:
        ctx.strength = inputs[1]

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * gradient, None


@takes_arrays("points")
def reverse_gradient(points: Tensor, strength: float = 1.0) -> Tensor:
    """The same values, for whose gradient `points` gets -strength times what comes back.

    Args:
        points: any shape, floating point.
        strength: lambda, at least 0; 0 cuts the gradient off.

    Raises:
        ValueError: if the strength is negative (which would reverse it again) or not finite.

    Example:
        >>> x = torch.ones(1, requires_grad=True)
        >>> (3 * reverse_gradient(x, strength=2)).sum().backward()
        >>> x.grad
        tensor([-6.])

    Source: Ganin et al., Domain-adversarial training of neural networks (2016), section 4.2.
    """
    if not 0 <= strength < math.inf:
        raise ValueError(f"strength must be finite and at least 0; got {strength}")
    return GradientReversal.apply(points, strength)


class Adversarial(NamedTuple):
    """What the adversarial model says of N rows.

    Attributes:
        representation: (N, Z).
        label: (N, K) logits.
        group: (N, G) logits of the adversary.
    """

    representation: Tensor
    label: Tensor
    group: Tensor


class AdversarialModel(nn.Module):
    """An encoder with two readers: a predictor of the label, and an adversary that looks for the group.

    The adversary learns as any classifier does. What it sends back to the encoder is reversed, so one descent on the
    sum of both losses trains all three: the predictor and the adversary downhill, the encoder downhill on the label
    and uphill on the group.
    """

    def __init__(
        self, features: int, *, labels: int = 2, groups: int = 2, width: int = 64, size: int = 16, strength: float = 1.0
    ):
        """Make the three networks, each with one hidden layer but for the linear predictor.

        Args:
            features: number of columns D of a row.
            labels: number of classes K.
            groups: number of groups G.
            width: of the hidden layers.
            size: Z, of the representation.
            strength: lambda of `reverse_gradient`, may be changed between steps, as by `ganin_schedule`.
        """
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(features, width), nn.ReLU(), nn.Linear(width, size))
        self.predictor = nn.Linear(size, labels)
        self.adversary = nn.Sequential(nn.Linear(size, width), nn.ReLU(), nn.Linear(width, groups))
        self.strength = strength

    def forward(self, x: Tensor) -> Adversarial:
        """x: (N, D)."""
        z = self.encoder(x)
        return Adversarial(z, self.predictor(z), self.adversary(reverse_gradient(z, self.strength)))


def adversarial_loss(output: Adversarial, target: tuple[Tensor, Tensor]) -> Tensor:
    """Cross-entropy of the label plus cross-entropy of the group, both to be minimised.

    The sum is right as it stands: the minus sign is in the reversal. A minus here as well would train the adversary
    to be wrong, which hides nothing.

    Args:
        output: of the model.
        target: labels (N,) int64 in 0..K-1 and groups (N,) int64 in 0..G-1.

    Source: Ganin et al. (2016), equations 9 and 18.
    """
    label, group = target
    return F.cross_entropy(output.label, label) + F.cross_entropy(output.group, group)


def ganin_schedule(done: float, highest: float = 1.0) -> float:
    """The strength for a share of the run that is over: from 0, as the adversary first has to learn something.

    Args:
        done: in [0, 1].
        highest: its limit.

    Returns:
        highest (2 / (1 + exp(-10 done)) - 1): 0 at the start, .9999 highest at the end.

    Raises:
        ValueError: if `done` is outside [0, 1].

    Example:
        >>> ganin_schedule(0.0), round(ganin_schedule(0.5), 3)  # off at first, nearly full at half time
        (0.0, 0.987)

    Source: Ganin et al. (2016), section 5.2.
    """
    if not 0 <= done <= 1:
        raise ValueError(f"done must lie in [0, 1]; got {done}")
    return highest * (2 / (1 + math.exp(-10 * done)) - 1)
