"""Calibration within groups: does a probability, or a score, mean the same for everybody?"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import torch

from seeing.fairness.groups.groups import SensitiveFeatures, find_groups
from seeing.fairness.inputs import Values, as_column, binary, check_lengths, weights_of
from seeing.metrics.calibration import bin_error
from seeing.metrics.reliability import Binning, ReliabilityBins, reliability_bins


@dataclass(frozen=True, eq=False)
class CalibrationWithinGroups:
    """How well the probabilities of each group are calibrated.

    Attributes:
        groups: the G groups.
        rows: (G,) int64.
        error: (G,) float64 expected calibration errors; ideal value 0.
        mean_probability: (G,) float64, mean of P(Y=1) as stated.
        base_rate: (G,) float64, share of Y=1 as it was.
        bins: the G reliability diagrams.
    """

    groups: tuple[Hashable, ...]
    rows: np.ndarray
    error: np.ndarray
    mean_probability: np.ndarray
    base_rate: np.ndarray
    bins: tuple[ReliabilityBins, ...]


def calibration_within_groups(
    y_true: Values,
    y_prob: Values,
    *,
    sensitive_features: SensitiveFeatures,
    bins: int = 15,
    binning: Binning = "width",
    minimum_n: int = 1,
) -> CalibrationWithinGroups:
    """Ask of every group apart whether P(Y=1 | S=s, A=a) = s, for all probabilities s.

    A small group has a larger expected calibration error by chance alone: compare groups with their sizes in mind.

    Args:
        y_true: (N,) labels 0 and 1, or bool.
        y_prob: (N,) probabilities of Y=1, in [0, 1].
        sensitive_features: (N,), or several columns; see `find_groups`.
        bins: number of bins of each group, at least 1.
        binning: as in `reliability_bins`; "mass" takes the edges from the group's own probabilities.
        minimum_n: how many rows a group needs; the error of a smaller one is NaN.

    Returns:
        One entry a group, as numpy arrays; the bins hold tensors.

    Raises:
        ValueError: if there is no row, lengths differ, a label is not 0 or 1, a probability is NaN or outside [0, 1],
            or `bins` or `binning` is not as above.

    Example:
        >>> y_prob, groups = [0.5, 0.5, 0.5, 0.5], ["a", "a", "b", "b"]
        >>> calibration_within_groups([1, 0, 1, 1], y_prob, sensitive_features=groups).error  # half off for b
        array([0. , 0.5])

    Source: Kleinberg, Mullainathan and Raghavan, Inherent trade-offs in the fair determination of risk scores (2017),
        condition A.
    """
    label, probability = binary(y_true, "y_true"), as_column(y_prob, "y_prob", words=False)
    groups = find_groups(sensitive_features)
    check_lengths(y_true=len(label), y_prob=len(probability), sensitive_features=len(groups.codes))
    if probability.dtype.kind != "f":
        probability = probability.astype(np.float64)
    members = [groups.codes == code for code in range(len(groups.labels))]
    rows = np.array([member.sum() for member in members])
    diagrams = tuple(
        reliability_bins(torch.tensor(probability[member]), torch.tensor(label[member]), bins, binning)
        for member in members
    )
    errors = np.array([float(bin_error(diagram)) for diagram in diagrams])
    return CalibrationWithinGroups(
        groups.labels,
        rows,
        np.where(rows >= minimum_n, errors, np.nan),
        np.array([probability[member].mean(dtype=np.float64) for member in members]),
        np.array([label[member].mean() for member in members]),
        diagrams,
    )


@dataclass(frozen=True, eq=False)
class ScoreOutcomes:
    """How often the event happened at each score, by group.

    Attributes:
        groups: the G groups.
        scores: (S,) the scores that occur, ascending.
        totals: (G, S) float64, rows or their weights.
        positives: (G, S) float64, those with Y=1.
    """

    groups: tuple[Hashable, ...]
    scores: np.ndarray
    totals: np.ndarray
    positives: np.ndarray

    @property
    def rates(self) -> np.ndarray:
        """(G, S) P(Y=1 | S=s, A=a): equal down each column if the score means the same in every group; NaN if empty."""
        with np.errstate(invalid="ignore"):
            return self.positives / self.totals


def outcomes_by_score(
    y_true: Values, scores: Values, *, sensitive_features: SensitiveFeatures, sample_weight: Values | None = None
) -> ScoreOutcomes:
    """Count outcomes at every value of a score of few values, such as a decile, in every group.

    Args:
        y_true: (N,) labels 0 and 1, or bool.
        scores: (N,) finite numbers.
        sensitive_features: (N,), or several columns; see `find_groups`.
        sample_weight: (N,) finite weights >= 0; None counts every row once.

    Returns:
        The counts, as numpy arrays.

    Raises:
        ValueError: if there is no row, lengths differ, or a value is not as above.

    Example:
        >>> outcomes = outcomes_by_score([0, 1, 1], [1, 1, 2], sensitive_features=["a", "a", "a"])
        >>> outcomes.scores.tolist(), outcomes.positives.tolist(), outcomes.totals.tolist()
        ([1, 2], [[1.0, 1.0]], [[2.0, 1.0]])

    Source: Chouldechova (2017), definition 1.
    """
    label, score = binary(y_true, "y_true"), as_column(scores, "scores", words=False)
    groups = find_groups(sensitive_features)
    check_lengths(y_true=len(label), scores=len(score), sensitive_features=len(groups.codes))
    weights = weights_of(sample_weight, len(label))
    if score.dtype.kind not in "biuf" or not np.isfinite(score).all():
        raise ValueError(f"scores must be finite numbers; got {score.dtype} {score[:3].tolist()} ...")
    values, index = np.unique(score, return_inverse=True)
    cells = (groups.codes * len(values) + index) * 2 + label
    counted = np.bincount(cells, weights, 2 * len(values) * len(groups.labels)).astype(np.float64)
    counted = counted.reshape(len(groups.labels), len(values), 2)
    return ScoreOutcomes(groups.labels, values, counted.sum(2), counted[..., 1])
