"""Fairness: decisions, groups, individuals, proxies and representations, each definition as code."""

from seeing.fairness.acceptance_rule import AcceptanceRule, AcceptanceSteps, ExpectedRates
from seeing.fairness.decisions import (
    REJECT,
    equal_costs,
    expected_risk,
    indifference_threshold,
    optimal_action,
    reject_option,
)
from seeing.fairness.equal_rate import fit_demographic_parity, fit_equal_opportunity, fit_predictive_equality
from seeing.fairness.equalized_odds import fit_equalized_odds
from seeing.fairness.individual import LipschitzViolations, consistency, lipschitz_violations
from seeing.fairness.linear_programme import fit_linear_programme
from seeing.fairness.proxies import Proxies, ThresholdRule, proxies, threshold_rule
from seeing.fairness.randomisation import uniform_draws
from seeing.fairness.reweighing import reweighing
from seeing.fairness.roc import RocCurve, convex_hull, roc_curve
from seeing.fairness.score_counts import ScoreCounts, count_scores
from seeing.fairness.thresholds import fit_maximum_profit, fit_single_threshold

__all__ = [
    "REJECT",
    "AcceptanceRule",
    "AcceptanceSteps",
    "ExpectedRates",
    "LipschitzViolations",
    "Proxies",
    "RocCurve",
    "ScoreCounts",
    "ThresholdRule",
    "consistency",
    "convex_hull",
    "count_scores",
    "equal_costs",
    "expected_risk",
    "fit_demographic_parity",
    "fit_equal_opportunity",
    "fit_equalized_odds",
    "fit_linear_programme",
    "fit_maximum_profit",
    "fit_predictive_equality",
    "fit_single_threshold",
    "indifference_threshold",
    "lipschitz_violations",
    "optimal_action",
    "proxies",
    "reject_option",
    "reweighing",
    "roc_curve",
    "threshold_rule",
    "uniform_draws",
]
