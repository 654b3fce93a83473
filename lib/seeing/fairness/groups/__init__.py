"""Groups of people: their counts, rates, gaps and intervals, and what these can and cannot all be at once."""

from seeing.fairness.groups.audit import AuditRow, intersectional_audit
from seeing.fairness.groups.bootstrap import GroupIntervals, bootstrap_metrics
from seeing.fairness.groups.counts import GroupCounts, group_counts
from seeing.fairness.groups.disparity import (
    max_difference,
    mean_difference,
    min_ratio,
    rate_difference,
    rate_ratio,
    signed_difference,
    signed_rate_difference,
    signed_ratio,
)
from seeing.fairness.groups.group_calibration import (
    CalibrationWithinGroups,
    ScoreOutcomes,
    calibration_within_groups,
    outcomes_by_score,
)
from seeing.fairness.groups.group_metrics import GroupMetrics, group_metrics, metrics_of_counts
from seeing.fairness.groups.groups import Groups, find_groups
from seeing.fairness.groups.impossibility import identity_error, implied_false_positive_rate
from seeing.fairness.groups.metric_by_group import MetricByGroup, metric_by_group
from seeing.fairness.groups.parity import (
    average_absolute_odds_difference,
    demographic_parity_difference,
    demographic_parity_ratio,
    equal_opportunity_difference,
    equal_opportunity_ratio,
    equalized_odds_difference,
    equalized_odds_ratio,
    predictive_parity_difference,
    predictive_parity_ratio,
)
from seeing.fairness.groups.rates import RATE_NAMES, group_rate, group_rates
from seeing.fairness.groups.wilson import rate_interval, wilson_interval

__all__ = [
    "RATE_NAMES",
    "AuditRow",
    "CalibrationWithinGroups",
    "GroupCounts",
    "GroupIntervals",
    "GroupMetrics",
    "Groups",
    "MetricByGroup",
    "ScoreOutcomes",
    "average_absolute_odds_difference",
    "bootstrap_metrics",
    "calibration_within_groups",
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "equal_opportunity_difference",
    "equal_opportunity_ratio",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "find_groups",
    "group_counts",
    "group_metrics",
    "group_rate",
    "group_rates",
    "identity_error",
    "implied_false_positive_rate",
    "intersectional_audit",
    "max_difference",
    "mean_difference",
    "metric_by_group",
    "metrics_of_counts",
    "min_ratio",
    "outcomes_by_score",
    "predictive_parity_difference",
    "predictive_parity_ratio",
    "rate_difference",
    "rate_interval",
    "rate_ratio",
    "signed_difference",
    "signed_rate_difference",
    "signed_ratio",
    "wilson_interval",
]
