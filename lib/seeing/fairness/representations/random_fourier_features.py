"""Random Fourier features: a Gaussian kernel as an inner product of a few numbers, so that a sample costs its size."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from seeing.arrays import takes_arrays


@dataclass(frozen=True, eq=False)
class RandomFourierFeatures:
    """A map psi with psi(x) . psi(y) close to the Gaussian kernel of x and y.

    Attributes:
        frequencies: (D, F), each column a draw of the kernel's spectrum.
        phases: (F,) in [0, 2 pi).
    """

    frequencies: Tensor
    phases: Tensor

    @takes_arrays("points")
    def __call__(self, points: Tensor) -> Tensor:
        """(N, F) features sqrt(2 / F) cos(points @ frequencies + phases) of (N, D) points.

        Raises:
            ValueError: if the points' width, type or device is not that of the frequencies.
        """
        frequencies = self.frequencies
        same = (points.dtype, points.device) == (frequencies.dtype, frequencies.device)
        if points.dim() != 2 or points.shape[1] != len(frequencies) or not same:
            raise ValueError(
                f"points must be (N, {len(frequencies)}) {frequencies.dtype} on {frequencies.device}; "
                f"got {tuple(points.shape)} {points.dtype} on {points.device}"
            )
        return math.sqrt(2 / len(self.phases)) * torch.cos(points @ frequencies + self.phases)


def random_fourier_features(
    width: int, bandwidth: float | Tensor, *, features: int = 500, seed: int = 0, like: Tensor | None = None
) -> RandomFourierFeatures:
    """Draw the features of a Gaussian kernel.

    Args:
        width: D, the number of coordinates of a point.
        bandwidth: of `gaussian_kernel`, above 0.
        features: F; the error of the kernel falls as 1 / sqrt(F).
        seed: of the draws. They are made on the CPU in float64, so that a seed means the same everywhere.
        like: a tensor whose type and device they get; None means float32 on the CPU.

    Raises:
        ValueError: if a number is out of its range.

    Source: Rahimi and Recht, Random features for large-scale kernel machines (2007), algorithm 1.
    """
    if width < 1 or features < 1 or not 0 < float(bandwidth) < math.inf:
        raise ValueError(
            "width and features must be at least 1 and the bandwidth finite and above 0; "
            f"got {width}, {features} and {float(bandwidth)}"
        )
    if like is not None and not like.is_floating_point():
        raise ValueError(f"like must be floating point, as the features are; got {like.dtype}")
    generator = torch.Generator().manual_seed(seed)
    frequencies = torch.randn(width, features, generator=generator, dtype=torch.float64) / float(bandwidth)
    phases = 2 * math.pi * torch.rand(features, generator=generator, dtype=torch.float64)
    like = torch.empty(0) if like is None else like
    return RandomFourierFeatures(frequencies.to(like), phases.to(like))


@takes_arrays("x", "y")
def mmd_squared_fourier(x: Tensor, y: Tensor, features: RandomFourierFeatures) -> Tensor:
    """The biased `mmd_squared`, approximately: the squared distance between the mean features of two samples.

    Its cost is (N + M) D F instead of (N + M)^2 D.

    Args:
        x: (N, D) floating point, N at least 1.
        y: (M, D), as x.
        features: as `random_fourier_features` draws them.

    Returns:
        A scalar, never negative, with a gradient for both samples; 0 for equal means, and on average over the draws
        of the features the biased `mmd_squared`.

    Raises:
        ValueError: if a sample is empty, or as the features.

    Source: Louizos et al., The variational fair autoencoder (2016), section 2.3, after Zhao and Meng, FastMMD (2015).
    """
    mapped = features(x), features(y)
    if not len(x) or not len(y):
        raise ValueError(f"a point of each sample at least was expected; got {len(x)} and {len(y)}")
    return (mapped[0].mean(0) - mapped[1].mean(0)).square().sum()
