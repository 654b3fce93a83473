"""The cases of the lecture, each with its data or its simulation: COMPAS, credit, radiology, recruiting."""

from seeing.fairness.cases.compas_model import LogisticFit, compas_as_race, compas_design, fit_logistic
from seeing.fairness.cases.credit import credit_counts
from seeing.fairness.cases.radiology import Findings, simulate_findings
from seeing.fairness.cases.recruiting import HiringHistory, ScreenVerdict, judge_screen, simulate_hiring, train_screen

__all__ = [
    "Findings",
    "HiringHistory",
    "LogisticFit",
    "ScreenVerdict",
    "compas_as_race",
    "compas_design",
    "credit_counts",
    "fit_logistic",
    "judge_screen",
    "simulate_findings",
    "simulate_hiring",
    "train_screen",
]
