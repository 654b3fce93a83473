"""Fairness: decisions, groups, individuals, proxies and representations, each definition as code."""

from seeing.fairness.individual import LipschitzViolations, consistency, lipschitz_violations
from seeing.fairness.proxies import Proxies, ThresholdRule, proxies, threshold_rule
from seeing.fairness.reweighing import reweighing

__all__ = [
    "LipschitzViolations",
    "Proxies",
    "ThresholdRule",
    "consistency",
    "lipschitz_violations",
    "proxies",
    "reweighing",
    "threshold_rule",
]
