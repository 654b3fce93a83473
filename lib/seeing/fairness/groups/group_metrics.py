"""All rates of all groups and all gaps between them, from one count."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from seeing.fairness.groups.counts import GroupCounts, group_counts
from seeing.fairness.groups.disparity import max_difference, min_ratio, signed_difference
from seeing.fairness.groups.groups import SensitiveFeatures
from seeing.fairness.groups.rates import RATE_NAMES, RateName, check_minimum, supports, table_rates
from seeing.fairness.inputs import Values


@dataclass(frozen=True, eq=False)
class GroupMetrics:
    """What the group criteria look at, by the name of the rate. NaN where a rate is not defined.

    The gap in "selection_rate" is that of demographic parity, in "true_positive_rate" of equal opportunity, in
    "positive_predictive_value" of predictive parity.

    Attributes:
        groups: the G groups.
        rates: (G,) each.
        overall: () each, of everybody.
        differences: () each, `max_difference` between groups.
        ratios: () each, `min_ratio` between groups.
        signed_differences: (G,) each, minus the reference group.
        odds: () each: "equalized_odds_difference", the larger gap of true and false positive rates;
            "average_absolute_odds_difference", the mean of the two; "equalized_odds_ratio", the smaller ratio.
    """

    groups: tuple[Hashable, ...]
    rates: dict[RateName, np.ndarray]
    overall: dict[RateName, np.ndarray]
    differences: dict[RateName, np.ndarray]
    ratios: dict[RateName, np.ndarray]
    signed_differences: dict[RateName, np.ndarray]
    odds: dict[str, np.ndarray]


def group_metrics(
    y_true: Values,
    y_pred: Values,
    *,
    sensitive_features: SensitiveFeatures,
    sample_weight: Values | None = None,
    reference: Hashable = None,
    minimum_n: int = 1,
) -> GroupMetrics:
    """Every rate, gap and ratio at once.

    Args:
        y_true: as in `group_counts`.
        y_pred: as in `group_counts`.
        sensitive_features: as in `group_counts`.
        sample_weight: as in `group_counts`.
        reference: the group that the signed differences are taken from; None for the first.
        minimum_n: how many rows a rate must rest on; what rests on fewer is NaN, and so are the gaps it enters.

    Returns:
        The metrics, as numpy numbers whatever came in.

    Raises:
        ValueError: as `group_counts`, if there is no such reference, or `minimum_n` is under 1.

    Example:
        >>> metrics = group_metrics([1, 1, 0, 1], [1, 0, 0, 1], sensitive_features=["a", "a", "b", "b"])
        >>> metrics.rates["true_positive_rate"].tolist()
        [0.5, 1.0]
    """
    counts = group_counts(y_true, y_pred, sensitive_features=sensitive_features, sample_weight=sample_weight)
    return metrics_of_counts(counts, reference, minimum_n)


def metrics_of_counts(counts: GroupCounts, reference: Hashable = None, minimum_n: int = 1) -> GroupMetrics:
    """`group_metrics` of what is counted already.

    Raises:
        ValueError: if there is no such reference, or `minimum_n` is under 1.
    """
    return metrics_of_tables(counts, counts.table, reference, minimum_n)


def metrics_of_tables(counts: GroupCounts, tables: np.ndarray, reference: Hashable, minimum_n: int) -> GroupMetrics:
    """The metrics of other tables of the same groups, such as resampled ones.

    Args:
        counts: whose groups these are, and whose rows say which rates `minimum_n` withholds.
        tables: (..., G, 2, 2), laid out as `counts.table`.
        reference: a group, or None for the first.
        minimum_n: at least 1.

    Returns:
        The metrics; the shapes of `GroupMetrics` come after the leading dimensions of the tables.

    Raises:
        ValueError: as `metrics_of_counts`.
    """
    check_minimum(minimum_n)
    index = 0 if reference is None else counts.index(reference)
    enough = supports(counts, RATE_NAMES) >= minimum_n
    by_group = np.where(enough, table_rates(tables, RATE_NAMES), np.nan)  # (..., G, R)
    pooled = table_rates(tables.sum(-3), RATE_NAMES)
    rates = {name: by_group[..., column] for column, name in enumerate(RATE_NAMES)}
    differences = {name: max_difference(values) for name, values in rates.items()}
    ratios = {name: min_ratio(values) for name, values in rates.items()}
    gaps = [differences[name] for name in ("true_positive_rate", "false_positive_rate")]
    odds = {
        "equalized_odds_difference": np.maximum(*gaps),
        "average_absolute_odds_difference": (gaps[0] + gaps[1]) / 2,
        "equalized_odds_ratio": np.minimum(ratios["true_positive_rate"], ratios["false_positive_rate"]),
    }
    return GroupMetrics(
        counts.groups,
        rates,
        {name: pooled[..., column] for column, name in enumerate(RATE_NAMES)},
        differences,
        ratios,
        {name: signed_difference(values, index) for name, values in rates.items()},
        odds,
    )
