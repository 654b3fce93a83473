"""Reweighing: weights for training data in which the label has nothing to do with the group."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from seeing.fairness.groups.groups import SensitiveFeatures, find_groups
from seeing.fairness.inputs import Values, as_column, check_lengths, weights_of


def reweighing(
    y_true: Values, *, sensitive_features: SensitiveFeatures, sample_weight: Values | None = None
) -> np.ndarray | Tensor:
    """The weight of each row: P(group) P(label) / P(group, label), times its own.

    A row counts for more, the rarer its label is in its group compared with what independence would give. With these
    weights the base rates of all groups are equal, provided that every label occurs in every group: no weight can
    make up rows that are not there.

    Args:
        y_true: (N,) labels of any number of classes.
        sensitive_features: (N,), or several columns, whose intersections are the groups; any number of groups.
        sample_weight: (N,) weights of the rows, at least 0; if None, 1 each.

    Returns:
        (N,) float64, at least 0, which sum to the sum of `sample_weight` if every label occurs in every group. A row
        of weight 0 keeps it. A tensor on its device if y_true is a tensor, else numpy.

    Raises:
        ValueError: if there is no row, lengths differ, a group or label is missing (NaN), or a weight is negative or
            not finite, or all are 0.

    Example:
        >>> reweighing([1, 1, 1, 0], sensitive_features=["a", "a", "b", "b"])  # the rare yes of b counts double
        array([0.75, 0.75, 1.5 , 0.5 ])

    Source: Kamiran and Calders, Data preprocessing techniques for classification without discrimination (2012),
        section 3.3, equation of W(X) before algorithm 3.
    """
    groups, labels = find_groups(sensitive_features), find_groups({"y_true": as_column(y_true, "y_true")})
    check_lengths(y_true=len(labels.codes), sensitive_features=len(groups.codes))
    weights = weights_of(sample_weight, len(labels.codes))
    if weights is None:
        weights = np.ones(len(labels.codes))
    width = len(labels.labels)
    cell = groups.codes.astype(np.int64) * width + labels.codes
    size = len(groups.labels) * width
    mass = np.bincount(cell, weights, minlength=size).reshape(-1, width)
    expected = mass.sum(1, keepdims=True) * mass.sum(0) / mass.sum()
    factor = np.divide(expected, mass, out=np.zeros_like(mass), where=mass > 0)
    result = weights * factor.ravel()[cell]
    return torch.from_numpy(result).to(y_true.device) if isinstance(y_true, Tensor) else result
