"""Fairness: decisions, groups, individuals, proxies and representations, each definition as code.

Arrays of numpy, Series, lists and tensors are all welcome: `seeing.arrays` says what each becomes. What is counted
comes back as arrays; each docstring says where a tensor gives a tensor.
"""

from seeing.fairness.acceptance_rule import AcceptanceRule, AcceptanceSteps, ExpectedRates
from seeing.fairness.audit import AuditRow, intersectional_audit
from seeing.fairness.binary_features import binary_features
from seeing.fairness.bootstrap import GroupIntervals, bootstrap_metrics
from seeing.fairness.camera import Camera, adapt_batch_norm, small_encoder, standardise_colours
from seeing.fairness.compas_model import LogisticFit, compas_as_race, compas_design, fit_logistic
from seeing.fairness.counts import GroupCounts, group_counts
from seeing.fairness.credit import credit_counts
from seeing.fairness.decisions import (
    REJECT,
    equal_costs,
    expected_risk,
    indifference_threshold,
    optimal_action,
    reject_option,
)
from seeing.fairness.disparity import (
    max_difference,
    mean_difference,
    min_ratio,
    rate_difference,
    rate_ratio,
    signed_difference,
    signed_rate_difference,
    signed_ratio,
)
from seeing.fairness.equal_rate import fit_demographic_parity, fit_equal_opportunity, fit_predictive_equality
from seeing.fairness.equalized_odds import fit_equalized_odds
from seeing.fairness.gaussian_kl import gaussian_kl
from seeing.fairness.gradient_reversal import (
    Adversarial,
    AdversarialModel,
    adversarial_loss,
    ganin_schedule,
    reverse_gradient,
)
from seeing.fairness.group_calibration import (
    CalibrationWithinGroups,
    ScoreOutcomes,
    calibration_within_groups,
    outcomes_by_score,
)
from seeing.fairness.group_metrics import GroupMetrics, group_metrics, metrics_of_counts
from seeing.fairness.groups import Groups, find_groups
from seeing.fairness.impossibility import identity_error, implied_false_positive_rate
from seeing.fairness.individual import LipschitzViolations, consistency, lipschitz_violations
from seeing.fairness.leakage_curve import CurvePoint, leakage_curve
from seeing.fairness.linear_erasure import LinearEraser, fit_linear_eraser
from seeing.fairness.linear_programme import fit_linear_programme
from seeing.fairness.mmd import gaussian_kernel, median_bandwidth, mmd_p_value, mmd_squared
from seeing.fairness.operating_points import operating_point, rescale_to_operating_point, undo_rescaling
from seeing.fairness.parity import (
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
from seeing.fairness.probes import Probe, leakage, probe
from seeing.fairness.proxies import Proxies, ThresholdRule, proxies, threshold_rule
from seeing.fairness.radiology import Findings, simulate_findings
from seeing.fairness.random_fourier_features import RandomFourierFeatures, mmd_squared_fourier, random_fourier_features
from seeing.fairness.randomisation import uniform_draws
from seeing.fairness.rates import RATE_NAMES, group_rate, group_rates
from seeing.fairness.recruiting import HiringHistory, ScreenVerdict, judge_screen, simulate_hiring, train_screen
from seeing.fairness.reweighing import reweighing
from seeing.fairness.roc import RocCurve, convex_hull, roc_curve
from seeing.fairness.score_counts import ScoreCounts, count_scores
from seeing.fairness.thresholds import fit_maximum_profit, fit_single_threshold
from seeing.fairness.vfae import (
    Rows,
    VariationalFairAutoencoder,
    VfaeOutput,
    VfaeTerms,
    group_mmd,
    vfae_loss,
    vfae_terms,
)
from seeing.fairness.wilson import rate_interval, wilson_interval

__all__ = [
    "RATE_NAMES",
    "REJECT",
    "AcceptanceRule",
    "AcceptanceSteps",
    "Adversarial",
    "AdversarialModel",
    "AuditRow",
    "CalibrationWithinGroups",
    "Camera",
    "CurvePoint",
    "ExpectedRates",
    "Findings",
    "GroupCounts",
    "GroupIntervals",
    "GroupMetrics",
    "Groups",
    "HiringHistory",
    "LinearEraser",
    "LipschitzViolations",
    "LogisticFit",
    "Probe",
    "Proxies",
    "RandomFourierFeatures",
    "RocCurve",
    "Rows",
    "ScoreCounts",
    "ScoreOutcomes",
    "ScreenVerdict",
    "ThresholdRule",
    "VariationalFairAutoencoder",
    "VfaeOutput",
    "VfaeTerms",
    "adapt_batch_norm",
    "adversarial_loss",
    "average_absolute_odds_difference",
    "binary_features",
    "bootstrap_metrics",
    "calibration_within_groups",
    "compas_as_race",
    "compas_design",
    "consistency",
    "convex_hull",
    "count_scores",
    "credit_counts",
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "equal_costs",
    "equal_opportunity_difference",
    "equal_opportunity_ratio",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "expected_risk",
    "find_groups",
    "fit_demographic_parity",
    "fit_equal_opportunity",
    "fit_equalized_odds",
    "fit_linear_eraser",
    "fit_linear_programme",
    "fit_logistic",
    "fit_maximum_profit",
    "fit_predictive_equality",
    "fit_single_threshold",
    "ganin_schedule",
    "gaussian_kernel",
    "gaussian_kl",
    "group_counts",
    "group_metrics",
    "group_mmd",
    "group_rate",
    "group_rates",
    "identity_error",
    "implied_false_positive_rate",
    "indifference_threshold",
    "intersectional_audit",
    "judge_screen",
    "leakage",
    "leakage_curve",
    "lipschitz_violations",
    "max_difference",
    "mean_difference",
    "median_bandwidth",
    "metrics_of_counts",
    "min_ratio",
    "mmd_p_value",
    "mmd_squared",
    "mmd_squared_fourier",
    "operating_point",
    "optimal_action",
    "outcomes_by_score",
    "predictive_parity_difference",
    "predictive_parity_ratio",
    "probe",
    "proxies",
    "random_fourier_features",
    "rate_difference",
    "rate_interval",
    "rate_ratio",
    "reject_option",
    "rescale_to_operating_point",
    "reverse_gradient",
    "reweighing",
    "roc_curve",
    "signed_difference",
    "signed_rate_difference",
    "signed_ratio",
    "simulate_findings",
    "simulate_hiring",
    "small_encoder",
    "standardise_colours",
    "threshold_rule",
    "train_screen",
    "undo_rescaling",
    "uniform_draws",
    "vfae_loss",
    "vfae_terms",
    "wilson_interval",
]
