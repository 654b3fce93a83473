"""The count tensor, group x label x prediction: every rate, gap and ratio of the group criteria comes from it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from seeing.fairness.groups.groups import SensitiveFeatures, find_groups
from seeing.fairness.inputs import Values, binary, check_lengths, numbers, weights_of


@dataclass(frozen=True, eq=False)
class GroupCounts:
    """How often each group had each label and each prediction.

    Attributes:
        groups: the G groups; a tuple of values each where several features intersect.
        table: (G, 2, 2) float64, [group, label, prediction]: a group's part is [[TN, FP], [FN, TP]]. With weights,
            their sums.
        rows: (G, 2, 2) int64, the rows of positive weight behind each sum.
        squares: (G, 2, 2) float64, the sums of squared weights, which tell how uneven the weights are.
    """

    groups: tuple[Hashable, ...]
    table: np.ndarray
    rows: np.ndarray
    squares: np.ndarray

    @classmethod
    def from_table(cls, groups: Sequence[Hashable], table: Values) -> GroupCounts:
        """Counts that are known already, such as the published ones of an audit.

        Args:
            groups: G different names.
            table: (G, 2, 2) whole numbers >= 0: [[TN, FP], [FN, TP]] for each group.

        Raises:
            ValueError: if the shape or a number is not so, or a name comes twice.
        """
        table = numbers(table, "table")
        if table.shape != (len(groups), 2, 2) or not len(groups):
            raise ValueError(f"table must be (G, 2, 2) for G = {len(groups)} >= 1 groups; got {table.shape}")
        if not (np.isfinite(table).all() and (table >= 0).all() and (table == np.round(table)).all()):
            raise ValueError(f"table must hold whole numbers of at least 0; got {table.tolist()}")
        if len(set(groups)) < len(groups):
            raise ValueError(f"each group must be named once; got {list(groups)}")
        return cls(tuple(groups), table, table.astype(np.int64), table.copy())

    @property
    def sizes(self) -> np.ndarray:
        """(G,) int64: the rows of each group."""
        return self.rows.sum((1, 2))

    def pooled(self) -> GroupCounts:
        """Everybody as one group, named "overall"."""
        parts = (part.sum(0, keepdims=True) for part in (self.table, self.rows, self.squares))
        return GroupCounts(("overall",), *parts)

    def select(self, groups: Sequence[Hashable]) -> GroupCounts:
        """These groups only, in this order.

        Raises:
            ValueError: if one is not among the groups, or none is asked for.
        """
        if not len(groups):
            raise ValueError("select at least one group; got none")
        indices = [self.index(group) for group in groups]
        return GroupCounts(tuple(groups), self.table[indices], self.rows[indices], self.squares[indices])

    def at_least(self, minimum_n: int) -> GroupCounts:
        """The groups of at least so many rows; compare `groups` before and after to see who was left out.

        Raises:
            ValueError: if no group is left.
        """
        large = [group for group, size in zip(self.groups, self.sizes.tolist(), strict=True) if size >= minimum_n]
        if not large:
            raise ValueError(f"no group has {minimum_n} rows or more; the largest has {self.sizes.max()}")
        return self.select(large)

    def index(self, group: Hashable) -> int:
        """The index of a group.

        Raises:
            ValueError: if there is no such group.
        """
        if group not in self.groups:
            raise ValueError(f"there is no group {group!r}; the groups are {list(self.groups)}")
        return self.groups.index(group)


def group_counts(
    y_true: Values, y_pred: Values, *, sensitive_features: SensitiveFeatures, sample_weight: Values | None = None
) -> GroupCounts:
    """Count label and prediction in every group, in one pass.

    Args:
        y_true: (N,) labels 0 and 1, or bool. Arrays, Series, sequences, or tensors of any device.
        y_pred: (N,) decisions 0 and 1, or bool. A score is compared first: score >= threshold.
        sensitive_features: (N,), or several columns, whose intersections are then the groups; see `find_groups`.
        sample_weight: (N,) finite weights >= 0; None counts every row once.

    Returns:
        The counts, as numpy arrays whatever came in. A group whose weights are all 0 stays, with 0 rows.

    Raises:
        ValueError: if there is no row, lengths differ, a label or decision is not 0 or 1 (scores and NaN are not), a
            group is missing, or the weights are not as above.

    Example:
        >>> counts = group_counts([1, 1, 0, 1], [1, 0, 0, 1], sensitive_features=["a", "a", "b", "b"])
        >>> counts.groups, counts.table.tolist()  # for each group, label by prediction
        (('a', 'b'), [[[0.0, 0.0], [1.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]])
    """
    label, decision = binary(y_true, "y_true"), binary(y_pred, "y_pred")
    groups = find_groups(sensitive_features)
    check_lengths(y_true=len(label), y_pred=len(decision), sensitive_features=len(groups.codes))
    weights = weights_of(sample_weight, len(label))
    cells = groups.codes * 4
    cells += label * np.int8(2) + decision

    def total(values: np.ndarray | None) -> np.ndarray:
        return np.bincount(cells, values, 4 * len(groups.labels)).reshape(-1, 2, 2)

    if weights is None:
        rows = total(None)
        return GroupCounts(groups.labels, rows.astype(np.float64), rows, rows.astype(np.float64))
    rows = total((weights > 0).astype(np.float64)).astype(np.int64)
    return GroupCounts(groups.labels, total(weights), rows, total(weights**2))
