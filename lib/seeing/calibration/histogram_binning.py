"""Histogram binning: every probability is replaced by how often its bin's events happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from seeing.calibration.fit_inputs import as_outcomes, as_probabilities
from seeing.metrics.reliability import Binning, bin_index, check_binning, mass_edges, width_edges


@dataclass(frozen=True, eq=False)
class HistogramBinning:
    """One probability for each of B bins.

    Attributes:
        edges: (B + 1,) float64, of bins as in `ReliabilityBins`.
        probabilities: (B,) float64, P(y = 1) in each bin; NaN for a bin that was empty.
    """

    edges: Tensor
    probabilities: Tensor

    def __call__(self, probabilities: Any) -> Tensor:
        """The share of y = 1 in the bin of each probability; a bin that was empty leaves it as it is.

        Args:
            probabilities: (N,) of y = 1, in [0, 1]. Outside the outer edges, the outer bins serve.

        Returns:
            (N,), in the form that `fit_inputs` describes. No gradient flows.

        Raises:
            ValueError: as `as_probabilities`.
        """
        given = as_probabilities(probabilities).detach()
        calibrated = self.probabilities.to(given.device)[bin_index(given, self.edges.to(given.device))]
        return torch.where(calibrated.isnan(), given.double(), calibrated).to(given.dtype)


def fit_histogram(
    probabilities: Any, labels: Any, bins: int = 15, binning: Binning = "width", *, sample_weight: Any = None
) -> HistogramBinning:
    """The share of y = 1 in each bin; on the fitted rows, the calibration error in these bins is then 0.

    Args:
        probabilities: (N,) of y = 1, in [0, 1].
        labels: (N,) 0 and 1, or bool. One class only is allowed: every bin that is not empty then says 0, or 1.
        bins: number of bins B, at least 1.
        binning: "width" or "mass", as in `reliability_bins`; "mass" counts the rows of positive weight, not the
            weights.
        sample_weight: (N,) at least 0, how much each row counts; None for equal weights.

    Raises:
        ValueError: if shapes differ, a number is out of its range or not finite, no row counts, or `bins` or
            `binning` is unknown.

    Example:
        >>> fit_histogram([0.9, 0.9, 0.9, 0.9], [1, 1, 1, 0], bins=10)([0.9])
        tensor([0.7500], dtype=torch.float64)

    Source: Zadrozny and Elkan, Obtaining calibrated probability estimates from decision trees and naive Bayesian
        classifiers (2001), section 3.
    """
    check_binning(bins, binning)
    given = as_probabilities(probabilities).detach()
    labels, weights = as_outcomes(given, labels, sample_weight)
    given, labels, weights = given[weights > 0], labels[weights > 0], weights[weights > 0]
    edges = width_edges(given, bins) if binning == "width" else mass_edges(given, bins)
    index = bin_index(given, edges)
    empty = torch.zeros(bins, dtype=torch.float64, device=given.device)
    totals, positives = (empty.index_add(0, index, values) for values in (weights, weights * labels))
    return HistogramBinning(edges, positives / totals)
