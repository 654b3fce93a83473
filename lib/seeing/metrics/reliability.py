"""Reliability bins: forecasts sorted by how likely they said the event is, beside how often it happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend
from seeing.metrics.forecasts import event

Binning = Literal["width", "mass"]


@dataclass(frozen=True)
class ReliabilityBins:
    """What a reliability diagram shows, for B bins.

    Attributes:
        edges: (B + 1,) float64, ascending. Bin i holds edges[i] < p <= edges[i + 1]; the first also p = edges[0].
        counts: (B,) int64 forecasts in each bin.
        confidence: (B,) float64, mean probability of the event in each bin; NaN for an empty one.
        accuracy: (B,) float64, share of the events that happened; NaN for an empty bin.
    """

    edges: Tensor
    counts: Tensor
    confidence: Tensor
    accuracy: Tensor


@takes_arrays("probabilities", "labels")
def reliability_bins(
    probabilities: Tensor, labels: Tensor, bins: int = 15, binning: Binning = "width"
) -> ReliabilityBins:
    """Sort the forecasts into bins, by the probability of the event that each row speaks of.

    That event is "the likeliest class is right" for (N, K) probabilities, and y = 1 for (N,).

    Args:
        probabilities: (N, K), rows that sum to 1, or (N,), of y = 1; floating point in [0, 1].
        labels: (N,) integers 0..K-1; beside (N,) probabilities 0 and 1, or bool.
        bins: number of bins B, at least 1.
        binning: "width": the edges are i / B, rounded to the type of the probabilities, so that a probability that
            was computed as i / B in that type belongs to bin i - 1. "mass": the edges are the values at the ranks
            floor(i (N - 1) / B), so that the counts differ by one at most, unless there are ties: equal values share
            a bin, and the order of the rows does not matter. scikit-learn's `calibration_curve` has the same bins,
            but for the rounding of its ranks.

    Returns:
        The bins; for N = 0 all are empty, and the edges of "mass" are NaN.

    Raises:
        ValueError: as `event`, or if `bins` or `binning` is not one of the above.

    Example:
        >>> bins = reliability_bins([0.1, 0.2, 0.9], [0, 1, 1], bins=2)
        >>> bins.counts.tolist(), bins.accuracy.tolist()
        ([2, 1], [0.5, 1.0])

    Source: Guo et al., On calibration of modern neural networks (2017), section 2; for "mass", Nguyen and O'Connor,
        Posterior calibration and exploratory analysis for natural language processing models (2015).
    """
    check_binning(bins, binning)
    return bin_events(*event(probabilities, labels), bins, binning)


def check_binning(bins: int, binning: str) -> None:
    """Refuse what are not bins.

    Raises:
        ValueError: if `bins` is not at least 1, or `binning` is neither "width" nor "mass".
    """
    if bins < 1 or binning not in ("width", "mass"):
        raise ValueError(f'bins must be at least 1 and binning "width" or "mass"; got {bins} and {binning!r}')


def bin_events(confidence: Tensor, happened: Tensor, bins: int, binning: Binning) -> ReliabilityBins:
    """The bins of events: confidence (N,) floating point in [0, 1], happened (N,) bool."""
    edges = width_edges(confidence, bins) if binning == "width" else mass_edges(confidence, bins)
    exact = confidence.dtype in (torch.float32, torch.float64)
    if binning == "width" and exact and backend(confidence, happened) == "numba":
        from seeing.kernels.cpu.reliability import width_sums

        counts, *sums = width_sums(confidence, happened, edges)
        return ReliabilityBins(edges, counts, sums[0] / counts, sums[1] / counts)
    return gather_bins(confidence.double(), happened, bin_index(confidence, edges), edges)


def width_edges(confidence: Tensor, bins: int) -> Tensor:
    """(bins + 1,) float64: i / bins as the type of the confidence has it."""
    edges = torch.arange(bins + 1, dtype=torch.float64, device=confidence.device) / bins
    return edges.to(confidence.dtype).double()


def mass_edges(confidence: Tensor, bins: int) -> Tensor:
    """(bins + 1,) float64: the confidences at the ranks floor(i (N - 1) / bins); NaN if N = 0."""
    if not len(confidence):
        return torch.full((bins + 1,), torch.nan, dtype=torch.float64, device=confidence.device)
    ranks = torch.arange(bins + 1, device=confidence.device) * (len(confidence) - 1) // bins
    return confidence.detach().double().sort().values[ranks]


def bin_index(confidence: Tensor, edges: Tensor) -> Tensor:
    """(N,) int64: the bin of each confidence. It never leaves 0..B-1, whatever the outer edges."""
    return torch.bucketize(confidence.detach().double().contiguous(), edges[1:-1].contiguous())


def gather_bins(confidence: Tensor, happened: Tensor, index: Tensor, edges: Tensor) -> ReliabilityBins:
    """Count and average the events, (N,) each and the confidence float64, in the bins that the index names."""
    bins = len(edges) - 1
    counts = torch.bincount(index, minlength=bins)
    empty = torch.zeros(bins, dtype=torch.float64, device=edges.device)
    sums = [empty.index_add(0, index, values) for values in (confidence, happened.double())]
    return ReliabilityBins(edges, counts, sums[0] / counts, sums[1] / counts)
