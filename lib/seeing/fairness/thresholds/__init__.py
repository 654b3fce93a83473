"""A threshold for each group: ROC curves, the rules that equal some rate, and their price."""

from seeing.fairness.thresholds.acceptance_rule import AcceptanceRule, AcceptanceSteps, ExpectedRates
from seeing.fairness.thresholds.equal_rate import fit_demographic_parity, fit_equal_opportunity, fit_predictive_equality
from seeing.fairness.thresholds.equalized_odds import fit_equalized_odds
from seeing.fairness.thresholds.linear_programme import fit_linear_programme
from seeing.fairness.thresholds.maximum_profit import fit_maximum_profit, fit_single_threshold
from seeing.fairness.thresholds.operating_points import operating_point, rescale_to_operating_point, undo_rescaling
from seeing.fairness.thresholds.randomisation import uniform_draws
from seeing.fairness.thresholds.roc import RocCurve, convex_hull, roc_curve
from seeing.fairness.thresholds.score_counts import ScoreCounts, count_scores

__all__ = [
    "AcceptanceRule",
    "AcceptanceSteps",
    "ExpectedRates",
    "RocCurve",
    "ScoreCounts",
    "convex_hull",
    "count_scores",
    "fit_demographic_parity",
    "fit_equal_opportunity",
    "fit_equalized_odds",
    "fit_linear_programme",
    "fit_maximum_profit",
    "fit_predictive_equality",
    "fit_single_threshold",
    "operating_point",
    "rescale_to_operating_point",
    "roc_curve",
    "undo_rescaling",
    "uniform_draws",
]
