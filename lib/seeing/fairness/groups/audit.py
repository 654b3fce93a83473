"""An intersectional audit: the error rate of everybody, of each group, and of each intersection of groups."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from seeing.fairness.groups.groups import SensitiveFeatures, feature_columns, find_groups
from seeing.fairness.groups.wilson import wilson_interval
from seeing.fairness.inputs import Values, binary, check_lengths, number_column


@dataclass(frozen=True)
class AuditRow:
    """One line of the table.

    Attributes:
        group: feature to value: what the cases of this line share. Empty for everybody.
        cases: how many there are.
        errors: how many of them went wrong.
        rate: errors / cases; NaN if the cases are too few.
        low: lower end of Wilson's interval; NaN if the cases are too few.
        high: upper end.
    """

    group: dict[str, Hashable]
    cases: int
    errors: int
    rate: float
    low: float
    high: float


def intersectional_audit(
    errors: Values,
    *,
    sensitive_features: SensitiveFeatures,
    cases: Values | None = None,
    confidence: float = 0.95,
    minimum_n: int = 30,
) -> list[AuditRow]:
    """Tabulate error rates over every combination of features, from none (everybody) to all of them.

    A classifier can do well on women and on dark-skinned people, each as a whole, and fail dark-skinned women.

    Args:
        errors: (N,) 1 or True where the classifier was wrong, one entry a case. Or, beside `cases`, the recorded number
            of errors of each subgroup.
        sensitive_features: the features, best as a mapping of name to (N,); see `find_groups`.
        cases: (N,) whole numbers of at least 1: how many cases each entry stands for; None for one.
        confidence: of the intervals, in (0, 1).
        minimum_n: a line of fewer cases shows its counts, but no rate.

    Returns:
        Everybody first, then each feature's values, then the pairs, and so on: 2 x 2 subgroups give nine lines.

    Raises:
        ValueError: if there is no entry, lengths differ, a value is missing, errors are not 0 and 1, or, beside
            `cases`, not whole numbers between 0 and the cases.

    Example:
        >>> errors, sex = [1, 0, 0, 0], ["f", "f", "m", "m"]
        >>> rows = intersectional_audit(errors, sensitive_features={"sex": sex}, minimum_n=1)
        >>> [(row.group, row.rate) for row in rows]
        [({}, 0.25), ({'sex': 'f'}, 0.5), ({'sex': 'm'}, 0.0)]

    Source: Buolamwini and Gebru, Gender shades (2018), section 4; Raji and Buolamwini, Actionable auditing (2019).
    """
    columns = feature_columns(sensitive_features)
    wrong, sizes = _recorded(errors, cases)
    check_lengths(errors=len(wrong), **{name: len(column) for name, column in columns.items()})
    table = []
    for count in range(len(columns) + 1):
        for names in combinations(columns, count):
            chosen = {name: columns[name] for name in names}
            labels, codes = _subgroups(chosen, len(wrong))
            total, failed = np.bincount(codes, sizes), np.bincount(codes, wrong)
            ends = wilson_interval(failed, total, confidence)
            numbers = np.stack([failed / total, *ends], 1)  # (G, 3)
            numbers[total < minimum_n] = np.nan
            for label, *counted, shown in zip(labels, total.tolist(), failed.tolist(), numbers.tolist(), strict=True):
                table.append(AuditRow(dict(zip(names, label, strict=True)), *map(int, counted), *shown))
    return table


def _subgroups(columns: dict[str, np.ndarray], rows: int) -> tuple[list[tuple], np.ndarray]:
    """The values that each subgroup shares, one a column, and the number of each row's subgroup."""
    if not columns:
        return [()], np.zeros(rows, np.intp)
    groups = find_groups(columns)
    return [
        label if isinstance(label, tuple) and len(columns) > 1 else (label,) for label in groups.labels
    ], groups.codes


def _recorded(errors: Values, cases: Values | None) -> tuple[np.ndarray, np.ndarray]:
    if cases is None:
        wrong = binary(errors, "errors").astype(np.float64)
        return wrong, np.ones(len(wrong))
    wrong, sizes = (number_column(values, name) for values, name in ((errors, "errors"), (cases, "cases")))
    check_lengths(errors=len(wrong), cases=len(sizes))
    whole = (wrong == np.round(wrong)) & (sizes == np.round(sizes))
    bad = ~(whole & (sizes >= 1) & (wrong >= 0) & (wrong <= sizes))
    if bad.any():
        raise ValueError(
            "cases must be whole numbers of at least 1, and errors whole numbers between 0 and the cases; "
            f"got {wrong[bad][0]} errors in {sizes[bad][0]} cases"
        )
    return wrong, sizes
