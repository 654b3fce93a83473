"""Calibration errors: how far the stated probabilities are from how often the event then happened.

All compute in float64 and answer in the type of the probabilities (at least float32).
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.metrics.forecasts import check_forecasts, result_type
from seeing.metrics.reliability import Binning, ReliabilityBins, bin_events, check_binning, reliability_bins


@takes_arrays("probabilities", "labels")
def ece(
    probabilities: Tensor,
    labels: Tensor,
    bins: int = 15,
    binning: Literal["width", "mass", "adaptive"] = "width",
    norm: float = 1,
) -> Tensor:
    """Expected calibration error: the mean gap between confidence and accuracy, weighted by the bins' counts.

    Each bin holds its upper edge and the first one 0 as well, so a confidence of exactly 0 or 1 counts like any other:
    [.95, 1] against [1, 0] gives .475.

    Args:
        probabilities: (N, K), rows that sum to 1: the confidence is the highest, and the first of equal ones is the
            answer. Or (N,), of y = 1: the confidence is that probability, for y = 0 too. Floating point in [0, 1].
        labels: (N,) integers 0..K-1; beside (N,) probabilities 0 and 1, or bool.
        bins: number of bins, at least 1.
        binning: "width" or "mass", as in `reliability_bins`. "adaptive": the adaptive calibration error of Nixon et
            al., which looks at every class rather than the likeliest: `classwise_ece` with bins of equal mass.
        norm: exponent p, at least 1, of (sum of weight * gap^p)^(1/p); infinity gives the largest gap, `mce`.

    Returns:
        A number in [0, 1]; NaN if N = 0.

    Raises:
        ValueError: as `reliability_bins`, or if the norm is under 1.

    Example:
        >>> round(ece([0.8, 0.8, 0.8, 0.8], [1, 1, 0, 0]).item(), 4)  # .8 promised, .5 came
        0.3

    Source: Guo et al., On calibration of modern neural networks (2017), equation 3; for other norms, Kumar,
        Liang and Ma, Verified uncertainty calibration (2019).
    """
    if binning == "adaptive":
        return classwise_ece(probabilities, labels, bins, "mass", norm)
    error = bin_error(reliability_bins(probabilities, labels, bins, binning), norm)
    return error.to(result_type(probabilities))


@takes_arrays("probabilities", "labels")
def mce(probabilities: Tensor, labels: Tensor, bins: int = 15, binning: Binning = "width") -> Tensor:
    """Maximum calibration error: the largest gap between confidence and accuracy among the bins that are not empty.

    Args:
        probabilities: as in `ece`.
        labels: as in `ece`.
        bins: number of bins, at least 1.
        binning: as in `reliability_bins`.

    Returns:
        A number in [0, 1]; NaN if N = 0.

    Raises:
        ValueError: as `reliability_bins`.

    Example:
        >>> round(mce([0.8, 0.8, 0.2, 0.2], [1, 0, 0, 0]).item(), 4)  # the gaps are .3 and .2
        0.3

    Source: Guo et al. (2017), equation 5.
    """
    return ece(probabilities, labels, bins, binning, math.inf)


@takes_arrays("probabilities", "labels")
def classwise_ece(
    probabilities: Tensor, labels: Tensor, bins: int = 15, binning: Binning = "width", norm: float = 1
) -> Tensor:
    """The mean over classes of the calibration error of "it is this class", whether or not it is the likeliest.

    With bins of equal width, the static calibration error of Nixon et al.; with bins of equal mass, their adaptive
    calibration error. A class that no label names counts as well. For (N,) probabilities there is one class, y = 1.

    Args:
        probabilities: as in `ece`.
        labels: as in `ece`.
        bins: number of bins for each class, at least 1.
        binning: as in `reliability_bins`.
        norm: of the error of each class, as in `ece`.

    Returns:
        A number in [0, 1]; NaN if N = 0.

    Raises:
        ValueError: as `ece`.

    Example:
        >>> round(classwise_ece([[0.8, 0.2], [0.8, 0.2]], [0, 1]).item(), 4)  # .3 off for 0, .3 off for 1
        0.3

    Source: Nixon et al., Measuring calibration in deep learning (2019).
    """
    check_binning(bins, binning)
    check_forecasts(probabilities, labels)
    if probabilities.dim() == 1:
        columns, classes = probabilities[None], range(1, 2)
    else:
        columns, classes = probabilities.t().contiguous(), range(probabilities.shape[1])
    errors = [
        bin_error(bin_events(column, labels == label, bins, binning), norm)
        for column, label in zip(columns, classes, strict=True)
    ]
    return torch.stack(errors).mean().to(result_type(probabilities))


def bin_error(bins: ReliabilityBins, norm: float = 1) -> Tensor:
    """The calibration error of bins, float64; `ece` says what the norm is.

    Raises:
        ValueError: if the norm is under 1.
    """
    if not norm >= 1:
        raise ValueError(f"norm must be at least 1; got {norm}")
    filled = bins.counts > 0
    gaps = (bins.confidence - bins.accuracy)[filled].abs()
    if not len(gaps):
        return bins.confidence.new_tensor(torch.nan)
    if math.isinf(norm):
        return gaps.max()
    weights = bins.counts[filled] / bins.counts.sum(dtype=torch.float64)
    return (weights * gaps**norm).sum() ** (1 / norm)
