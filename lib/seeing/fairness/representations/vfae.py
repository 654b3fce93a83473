"""The variational fair autoencoder: a representation that knows the label and the input, but not the group."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seeing.arrays import takes_arrays
from seeing.fairness.representations.gaussian_kl import gaussian_kl
from seeing.fairness.representations.mmd import median_bandwidth, mmd_squared
from seeing.fairness.representations.random_fourier_features import mmd_squared_fourier, random_fourier_features


class Rows(NamedTuple):
    """N labelled rows.

    Attributes:
        x: (N, D) floating point, 0 or 1 (or a probability in between).
        s: (N,) int64, the group in 0..G-1.
        y: (N,) int64, the label in 0..K-1.
    """

    x: Tensor
    s: Tensor
    y: Tensor


class Normal(NamedTuple):
    """A normal distribution for each of N rows, with diagonal covariance.

    Attributes:
        mean: (N, Z).
        log_variance: (N, Z).
    """

    mean: Tensor
    log_variance: Tensor

    def sample(self) -> Tensor:
        """(N, Z) drawn so that the gradient reaches mean and variance."""
        return self.mean + torch.randn_like(self.mean) * (self.log_variance / 2).exp()


class VfaeOutput(NamedTuple):
    """What the model makes of N rows.

    Attributes:
        z1: q(z1 | x, s), whose mean is the representation.
        z2: q(z2 | z1, y).
        z1_prior: p(z1 | z2, y).
        x: (N, D) logits of p(x | z1, s).
        y: (N, K) logits of q(y | z1).
    """

    z1: Normal
    z2: Normal
    z1_prior: Normal
    x: Tensor
    y: Tensor


class VfaeTerms(NamedTuple):
    """The parts of the loss, scalars to be minimised: in nats a row, but for `mmd`.

    Attributes:
        reconstruction: -log p(x | z1, s).
        kl_z1: KL(q(z1 | x, s) || p(z1 | z2, y)).
        kl_z2: KL(q(z2 | z1, y) || N(0, 1)).
        label: -log q(y | z1).
        mmd: squared discrepancy of the groups' representations.
    """

    reconstruction: Tensor
    kl_z1: Tensor
    kl_z2: Tensor
    label: Tensor
    mmd: Tensor


class NormalLayer(nn.Module):
    """A hidden layer and a normal distribution that depends on it."""

    def __init__(self, inputs: int, width: int, size: int):
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(inputs, width), nn.ReLU())
        self.mean = nn.Linear(width, size)
        self.log_variance = nn.Linear(width, size)

    def forward(self, *inputs: Tensor) -> Normal:
        hidden = self.hidden(torch.cat(inputs, 1))
        return Normal(self.mean(hidden), self.log_variance(hidden))


class VariationalFairAutoencoder(nn.Module):
    """The model with two layers of latent variables, z1 for the row without its group, z2 for z1 without its label.

    p(x | z1, s) and q(z1 | x, s) are told the group, so that z1 need not hold it. Deviations from the paper: every row
    has a label; x is binary; the penalty looks at the means of z1, which are what is handed on, not at draws; and of
    more than two groups each is compared with the rest rather than with all.

    Source: Louizos et al., The variational fair autoencoder (2016), sections 2.2 and 2.3.
    """

    def __init__(self, features: int, *, labels: int = 2, groups: int = 2, width: int = 100, size: int = 50):
        """Make the networks, each with one hidden layer but for the linear predictor.

        Args:
            features: number of columns D of x.
            labels: number of classes K.
            groups: number of groups G.
            width: of the hidden layers.
            size: Z, of z1 and z2.
        """
        super().__init__()
        self.labels, self.groups = labels, groups
        self.encode_z1 = NormalLayer(features + groups, width, size)
        self.encode_z2 = NormalLayer(size + labels, width, size)
        self.decode_z1 = NormalLayer(size + labels, width, size)
        self.decode_x = nn.Sequential(nn.Linear(size + groups, width), nn.ReLU(), nn.Linear(width, features))
        self.predict_y = nn.Linear(size, labels)

    def forward(self, rows: Rows) -> VfaeOutput:
        """The distributions and logits of N rows, with new draws each time.

        Raises:
            ValueError: if the rows are not as `Rows` says, or as wide as the model.
        """
        self._check_x(rows.x)
        s = _one_hot(rows.s, "s", self.groups, rows.x)
        y = _one_hot(rows.y, "y", self.labels, rows.x)
        z1 = self.encode_z1(rows.x, s)
        z1_drawn = z1.sample()
        z2 = self.encode_z2(z1_drawn, y)
        z1_prior = self.decode_z1(z2.sample(), y)
        x = self.decode_x(torch.cat([z1_drawn, s], 1))
        return VfaeOutput(z1, z2, z1_prior, x, self.predict_y(z1_drawn))

    @torch.no_grad()
    def represent(self, x: Tensor, s: Tensor) -> Tensor:
        """(N, Z) means of z1: what others are to work with. It needs no label.

        Args:
            x: as in `Rows`.
            s: as in `Rows`.

        Raises:
            ValueError: as `forward`.
        """
        self._check_x(x)
        return self.encode_z1(x, _one_hot(s, "s", self.groups, x)).mean

    def _check_x(self, x: Tensor) -> None:
        width = self.decode_x[-1].out_features
        if x.dim() != 2 or x.shape[1] != width or not x.is_floating_point():
            raise ValueError(f"x must be (N, {width}) floating point; got {tuple(x.shape)} {x.dtype}")
        inside = (x >= 0) & (x <= 1)  # False for NaN
        if not bool(inside.all()):
            raise ValueError(f"x must lie in [0, 1]; got {x[~inside][0].item():g}")


def _one_hot(codes: Tensor, name: str, count: int, x: Tensor) -> Tensor:
    right = codes.shape == x.shape[:1] and codes.dtype == torch.int64
    if not right or (len(codes) and not 0 <= int(codes.min()) <= int(codes.max()) < count):
        highest = f" up to {codes.max().item()}" if len(codes) else ""
        raise ValueError(
            f"{name} must be ({len(x)},) int64 in 0..{count - 1}; got {codes.dtype} {tuple(codes.shape)}{highest}"
        )
    return F.one_hot(codes, count).to(x.dtype)


def vfae_terms(output: VfaeOutput, rows: Rows, *, fourier: int | None = None, seed: int = 0) -> VfaeTerms:
    """The parts of the loss, apart.

    Args:
        output: of the model for these rows.
        rows: N of them, at least one.
        fourier: number of random Fourier features for the discrepancy; None computes it exactly.
        seed: of the features; give the number of the step for new ones each time.
    """
    reconstruction = F.binary_cross_entropy_with_logits(output.x, rows.x, reduction="sum") / len(rows.x)
    return VfaeTerms(
        reconstruction,
        gaussian_kl(*output.z1, *output.z1_prior).mean(),
        gaussian_kl(*output.z2).mean(),
        F.cross_entropy(output.y, rows.y),
        group_mmd(output.z1.mean, rows.s, fourier=fourier, seed=seed),
    )


def vfae_loss(terms: VfaeTerms, *, label_weight: float = 100.0, mmd_weight: float = 1000.0) -> Tensor:
    """The negative lower bound, plus the weighted label and fairness terms, to be minimised.

    Args:
        terms: of the rows.
        label_weight: alpha, at least 0.
        mmd_weight: beta, at least 0; 0 gives an ordinary autoencoder that is merely told the group.

    Raises:
        ValueError: if a weight is negative, which would reward what it should punish.
    """
    if not (label_weight >= 0 and mmd_weight >= 0):
        raise ValueError(f"weights must be at least 0; got label_weight {label_weight} and mmd_weight {mmd_weight}")
    bound = terms.reconstruction + terms.kl_z1 + terms.kl_z2
    return bound + label_weight * terms.label + mmd_weight * terms.mmd


@takes_arrays("z", "s")
def group_mmd(z: Tensor, s: Tensor, *, fourier: int | None = None, seed: int = 0) -> Tensor:
    """Mean over the groups of the squared discrepancy (biased) between a group and the rest.

    For two groups that is the discrepancy between them. The bandwidth is the median of all rows pooled.

    Args:
        z: (N, Z) floating point.
        s: (N,) groups.
        fourier: number of random Fourier features; None computes it exactly.
        seed: of the features.

    Returns:
        A scalar with a gradient; 0 if there is one group only, as in a small batch there may be.

    Raises:
        ValueError: if the shapes are not these, or as `mmd_squared`.
    """
    if z.dim() != 2 or s.shape != z.shape[:1]:
        raise ValueError(f"z must be (N, Z) and s (N,); got {tuple(z.shape)} and {tuple(s.shape)}")
    present = s.unique()
    if len(present) < 2:
        return z.sum() * 0
    bandwidth = median_bandwidth(z[s == present[0]], z[s != present[0]])
    if fourier is not None:
        features = random_fourier_features(z.shape[1], bandwidth, features=fourier, seed=seed, like=z)
    # Two groups are each other's rest.
    sides = present[:1] if len(present) == 2 else present
    distances = []
    for group in sides:
        inside, rest = z[s == group], z[s != group]
        exact = fourier is None
        distances.append(mmd_squared(inside, rest, bandwidth) if exact else mmd_squared_fourier(inside, rest, features))
    return torch.stack(distances).mean()
