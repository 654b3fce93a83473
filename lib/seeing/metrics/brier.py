"""The Brier score, and the parts that it is made of."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.metrics.forecasts import check_forecasts, result_type
from seeing.metrics.reliability import bin_index, gather_bins, width_edges


@takes_arrays("probabilities", "labels")
def brier(probabilities: Tensor, labels: Tensor) -> Tensor:
    """Mean squared distance between the probabilities and what happened.

    For K classes it is Brier's own sum over all of them, in [0, 2]; for one probability a row, (p - y)^2 in [0, 1]. So
    a binary classifier scores twice as much as (N, 2) than as (N,).

    Args:
        probabilities: (N, K), rows that sum to 1, or (N,), of y = 1; floating point in [0, 1].
        labels: (N,) integers 0..K-1; beside (N,) probabilities 0 and 1, or bool.

    Returns:
        A number, in the type of the probabilities (at least float32); NaN if N = 0.

    Raises:
        ValueError: as `event`.

    Example:
        >>> brier([0.5, 1.0], [1, 1])  # (1/4 + 0) / 2
        tensor(0.1250, dtype=torch.float64)

    Source: Brier, Verification of forecasts expressed in terms of probability (1950).
    """
    check_forecasts(probabilities, labels)
    return row_brier(probabilities, labels).mean().to(result_type(probabilities))


def row_brier(probabilities: Tensor, labels: Tensor) -> Tensor:
    """The squared distance of each row, (N,) float64; the arguments are checked."""
    if probabilities.dim() == 1:
        return (probabilities.double() - labels.double()).square()
    squares = probabilities.to(result_type(probabilities)).square().sum(1, dtype=torch.float64)
    right = probabilities.gather(1, labels.long()[:, None])[:, 0].double()
    return squares - 2 * right + 1


@dataclass(frozen=True)
class BrierDecomposition:
    """The parts of a Brier score, float64 each.

    Attributes:
        reliability: mean squared gap between the bins' mean forecast and their share of events; 0 is best.
        resolution: how much the bins' shares of events differ from the overall one; the more the better.
        uncertainty: the variance of the event itself, which no forecast can change.
        within_bin_variance: of the forecasts around the mean of their bin.
        within_bin_covariance: twice that of forecasts and events in their bin.
    """

    reliability: Tensor
    resolution: Tensor
    uncertainty: Tensor
    within_bin_variance: Tensor
    within_bin_covariance: Tensor

    @property
    def score(self) -> Tensor:
        """The Brier score of which these are the parts."""
        spread = self.within_bin_variance - self.within_bin_covariance
        return self.reliability - self.resolution + self.uncertainty + spread


@takes_arrays("probabilities", "labels")
def brier_decomposition(probabilities: Tensor, labels: Tensor, bins: int | None = 15) -> BrierDecomposition:
    """Split the Brier score: reliability - resolution + uncertainty + what binning hides.

    Murphy's three parts are exact where all forecasts of a bin are equal. In wider bins they miss the two within-bin
    parts, which Stephenson and others add: with them, the sum is the Brier score whatever the bins.

    Args:
        probabilities: (N, K) or (N,), as in `brier`. For K classes each part is the sum over "it is this class".
        labels: as in `brier`.
        bins: number of bins of equal width, at least 1, with the edges of `reliability_bins`. None: a bin for each
            different forecast, so that the within-bin parts are 0.

    Returns:
        The parts; all NaN if N = 0.

    Raises:
        ValueError: as `event`, or if `bins` is under 1.

    Example:
        >>> parts = brier_decomposition([0.5, 0.5, 1.0, 1.0], [1, 0, 1, 1], bins=None)
        >>> parts.reliability.item(), parts.resolution.item(), parts.uncertainty.item()  # 3/4 of the labels are 1
        (0.0, 0.0625, 0.1875)

    Source: Murphy, A new vector partition of the probability score (1973); Stephenson, Coelho and
        Jolliffe, Two extra components in the Brier score decomposition (2008).
    """
    if bins is not None and bins < 1:
        raise ValueError(f"bins must be at least 1, or None; got {bins}")
    check_forecasts(probabilities, labels)
    if probabilities.dim() == 1:
        parts = [_parts(probabilities, labels == 1, bins)]
    else:
        parts = [_parts(column, labels == k, bins) for k, column in enumerate(probabilities.t().contiguous())]
    return BrierDecomposition(*torch.stack(parts).sum(0))


def _parts(forecast: Tensor, happened: Tensor, bins: int | None) -> Tensor:
    """(5,) float64: the parts for one event, in the order of `BrierDecomposition`."""
    if bins is None:
        levels, index = forecast.double().unique(return_inverse=True)
        edges = torch.cat([levels.new_zeros(1), levels])
    else:
        edges = width_edges(forecast, bins)
        index = bin_index(forecast, edges)
    forecast, event = forecast.double(), happened.double()
    means = gather_bins(forecast, happened, index, edges)
    # The mean of equal numbers is off by a rounding error: take the number itself.
    predicted = forecast if bins is None else means.confidence[index]
    observed, rate = means.accuracy[index], event.mean()
    return torch.stack(
        [
            (predicted - observed).square().mean(),
            (observed - rate).square().mean(),
            rate * (1 - rate),
            (forecast - predicted).square().mean(),
            2 * ((forecast - predicted) * (event - observed)).mean(),
        ]
    )
