"""The calibration of a whole data set, gathered batch by batch."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.metrics.bootstrap import Interval, bootstrap_interval
from seeing.metrics.brier import row_brier
from seeing.metrics.calibration import bin_error
from seeing.metrics.distributed import check_same_setup
from seeing.metrics.forecasts import event
from seeing.metrics.likelihood import row_nll
from seeing.metrics.reliability import Binning, ReliabilityBins, bin_index, check_binning, mass_edges, width_edges
from seeing.renamed import renamed_arguments

SCORES = ("confidence", "accuracy", "nll", "brier", "ece", "mce")
"""What `CalibrationMetrics.compute` reports."""


class CalibrationMetrics:
    """The reliability bins of a data set, gathered batch by batch, and its scores.

    Bins of equal width need only sums, and the scores are those of one call with all the data. Where bins of equal
    mass lie is known only at the end: with them the rows are kept.

    It may be pickled, and follows its inputs to their device.

    Args:
        bins: number of bins B, at least 1.
        binning: "width" or "mass", as in `reliability_bins`.
        keep_rows: keep what `bootstrap` needs of every row, 40 bytes each, with either binning.

    Example:
        >>> metrics = CalibrationMetrics()
        >>> for predictions, targets in [([0.75, 0.75], [1, 1]), ([0.75, 0.75], [1, 0])]:  # two batches
        ...     metrics.update(predictions, targets)
        >>> metrics.compute()["ece"]
        0.0
    """

    def __init__(self, bins: int = 15, binning: Binning = "width", *, keep_rows: bool = False) -> None:
        check_binning(bins, binning)
        self.bins = bins
        self.binning = binning
        self.keep_rows = keep_rows or binning == "mass"
        self.reset()

    def reset(self) -> None:
        """Forget all rows."""
        self._sums = torch.zeros(5, self.bins, dtype=torch.float64)
        self._rows: list[Tensor] = []

    @renamed_arguments(probabilities="predictions", labels="targets")
    @takes_arrays("predictions", "targets")
    def update(self, predictions: Tensor, targets: Tensor) -> None:
        """Take in a batch; (N, K) and (N,) batches ask different questions, so use one of them throughout.

        Args:
            predictions: (N, K) or (N,) probabilities, as in `ece`; N may be 0.
            targets: (N,) labels, as in `ece`.

        Raises:
            ValueError: as `ece`.
        """
        predictions = predictions.detach()
        confidence, happened = event(predictions, targets)
        scores = row_nll(predictions, targets), row_brier(predictions, targets)
        # The bin is chosen here, where the type of the probabilities, and so the exact edges, are known.
        index = bin_index(confidence, width_edges(confidence, self.bins))
        rows = torch.stack([confidence.double(), happened.double(), *scores, index.double()], 1)
        self._sums = self._sums.to(rows.device) + _sum_by_bin(rows, index, self.bins)
        if self.keep_rows:
            self._rows.append(rows)

    def merge(self, other: CalibrationMetrics) -> None:
        """Take over what another one has gathered, as if this one had seen those rows too.

        Raises:
            ValueError: if the two were set up differently.
        """
        check_same_setup(self, other, "bins", "binning", "keep_rows")
        self._sums = self._sums + other._sums.to(self._sums.device)
        self._rows = self._rows + other._rows

    @property
    def reliability(self) -> ReliabilityBins:
        """The bins so far. Edges of equal width are i / B in float64, whatever the type of the probabilities."""
        if self.binning == "mass":
            return self._bins_of(self._kept())[0]
        return _as_bins(width_edges(self._sums, self.bins), self._sums)

    def compute(self) -> dict[str, float]:
        """Mean confidence and accuracy, NLL, Brier score, ECE and MCE so far; all NaN before the first row."""
        return _scores(self.reliability, self._sums)

    def bootstrap(
        self, score: str = "ece", *, samples: int = 1000, confidence: float = 0.95, seed: int = 0
    ) -> Interval:
        """How far a score might be off by the luck of which rows were drawn.

        A calibration error is a sum of absolute values, so noise adds to it: that of a draw is larger than that of the
        data, most of all for a model that is well calibrated, and the interval may lie above the score.

        Args:
            score: a name that `compute` reports.
            samples: as in `bootstrap_interval`.
            confidence: as in `bootstrap_interval`.
            seed: as in `bootstrap_interval`.

        Raises:
            ValueError: if the rows were not kept, there is none, or the name is unknown.
        """
        if score not in SCORES:
            raise ValueError(f"score must be one of {', '.join(SCORES)}; got {score!r}")
        if not self.keep_rows:
            raise ValueError("a bootstrap draws rows: ask for CalibrationMetrics(..., keep_rows=True)")
        rows = self._kept()
        return bootstrap_interval(
            lambda draw: _scores(*self._bins_of(rows[draw.to(rows.device)]))[score],
            len(rows),
            samples=samples,
            confidence=confidence,
            seed=seed,
        )

    def _kept(self) -> Tensor:
        return torch.cat([self._sums.new_empty(0, 5), *(part.to(self._sums.device) for part in self._rows)])

    def _bins_of(self, rows: Tensor) -> tuple[ReliabilityBins, Tensor]:
        """The bins of kept rows, and the sums in them."""
        if self.binning == "mass":
            edges = mass_edges(rows[:, 0], self.bins)
            index = bin_index(rows[:, 0], edges)
        else:
            edges, index = width_edges(rows, self.bins), rows[:, 4].long()
        sums = _sum_by_bin(rows, index, self.bins)
        return _as_bins(edges, sums), sums


def _sum_by_bin(rows: Tensor, index: Tensor, bins: int) -> Tensor:
    """(5, B): how many rows each bin holds, and their summed confidence, events, NLL and squared distance."""
    values = torch.cat([torch.ones_like(rows[:, :1]), rows[:, :4]], 1)
    return values.new_zeros(bins, 5).index_add(0, index, values).t()


def _as_bins(edges: Tensor, sums: Tensor) -> ReliabilityBins:
    counts, confidence, happened = sums[:3]
    return ReliabilityBins(edges, counts.long(), confidence / counts, happened / counts)


def _scores(bins: ReliabilityBins, sums: Tensor) -> dict[str, float]:
    count, *totals = sums.sum(1)
    values = [total / count for total in totals] + [bin_error(bins), bin_error(bins, math.inf)]
    return dict(zip(SCORES, torch.stack(values).tolist(), strict=True))
