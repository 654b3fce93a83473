"""Every crossing of the values of several features, also those in which nobody is."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from seeing.fairness.groups.groups import SensitiveFeatures, feature_columns, find_groups
from seeing.fairness.inputs import Values, check_lengths


@dataclass(frozen=True, eq=False)
class Crossings:
    """The groups, and whose rows are whose.

    Attributes:
        features: the names of the F features.
        groups: the G groups, sorted: a value each, or a tuple of F values where several features cross.
        codes: (N,) int64, 0..G-1: the group of each row.
    """

    features: tuple[str, ...]
    groups: tuple[Hashable, ...]
    codes: np.ndarray

    def rows_of(self, drawn: np.ndarray) -> list[np.ndarray]:
        """The drawn rows by group.

        Args:
            drawn: (M,) numbers of rows; one may come several times.

        Returns:
            G arrays of numbers of rows, each in the order of the draw, perhaps empty.
        """
        codes = self.codes[drawn]
        order = np.argsort(codes, kind="stable")
        return np.split(drawn[order], np.searchsorted(codes[order], np.arange(1, len(self.groups))))


def find_crossings(sensitive_features: SensitiveFeatures | Sequence[Values], rows: int) -> Crossings:
    """Name the crossings and number the rows.

    Args:
        sensitive_features: as in `find_groups`, or a list of F columns of `rows` entries each.
        rows: how many there are; a list of so many is one entry a row.

    Raises:
        ValueError: as `find_groups`, or if there are not as many entries as rows.
    """
    if (
        isinstance(sensitive_features, list | tuple)
        and len(sensitive_features) != rows
        and all(_length(column) == rows for column in sensitive_features)
    ):
        sensitive_features = {str(index): column for index, column in enumerate(sensitive_features)}
    columns = feature_columns(sensitive_features)
    check_lengths(**{"y_true": rows} | {f"feature {name}": len(column) for name, column in columns.items()})
    by_feature = [find_groups({name: column}) for name, column in columns.items()]
    codes = np.zeros(rows, np.int64)
    for feature in by_feature:
        codes = codes * len(feature.labels) + feature.codes
    crossed = tuple(product(*(feature.labels for feature in by_feature)))  # in the order of these codes
    return Crossings(tuple(columns), crossed if len(columns) > 1 else by_feature[0].labels, codes)


def _length(column: Any) -> int | None:
    shape = getattr(column, "shape", None)
    if shape is not None:
        return int(shape[0]) if len(shape) else None
    return len(column) if isinstance(column, list | tuple) else None
