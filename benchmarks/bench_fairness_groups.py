"""Group metrics of a million decisions about four groups, beside fairlearn and aif360, and their bootstrap.

The bootstrap has no peer that would end today: it stands beside our own single evaluation. There, a ratio of .1 means
that a thousand draws cost ten evaluations.
"""

import aif360.sklearn.metrics as aif360
import fairlearn.metrics as fairlearn
import numpy as np
import pandas as pd

from benchmarks.harness import Case, report
from seeing.fairness.groups.bootstrap import bootstrap_metrics
from seeing.fairness.groups.counts import group_counts
from seeing.fairness.groups.disparity import signed_rate_difference
from seeing.fairness.groups.group_metrics import group_metrics
from seeing.fairness.groups.parity import demographic_parity_difference

ROWS = 1_000_000
WORDS = np.array(["African-American", "Caucasian", "Hispanic", "Other"])


def decisions() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, decisions that know something about them, and groups 0 to 3, int64."""
    random = np.random.default_rng(0)
    group = random.integers(0, 4, ROWS)
    label = (random.random(ROWS) < 0.3 + 0.03 * group).astype(int)
    decision = (random.random(ROWS) < 0.25 + 0.3 * label + 0.05 * group).astype(int)
    return label, decision, group


def frame(label: np.ndarray, decision: np.ndarray, group: np.ndarray) -> fairlearn.MetricFrame:
    """Three rates by group, where ours are nine and all gaps and ratios."""
    metrics = {
        name: getattr(fairlearn, name) for name in ("selection_rate", "true_positive_rate", "false_positive_rate")
    }
    return fairlearn.MetricFrame(metrics=metrics, y_true=label, y_pred=decision, sensitive_features=group)


def frame_case(label: np.ndarray, decision: np.ndarray, group: np.ndarray) -> Case:
    """All rates by group."""
    few = [column[:50_000] for column in (label, decision, group)]  # the peer takes many seconds for all
    ours, theirs = group_metrics(*few[:2], sensitive_features=few[2]), frame(*few)
    for name in theirs.by_group:
        np.testing.assert_allclose(ours.rates[name], theirs.by_group[name], rtol=0, atol=1e-12)
        np.testing.assert_allclose(ours.differences[name], theirs.difference()[name], rtol=0, atol=1e-12)
    return Case(
        lambda: group_metrics(label, decision, sensitive_features=group),
        {"fairlearn, 3 rates": lambda: frame(label, decision, group)},
        aim=100,
    )


def parity_case(label: np.ndarray, decision: np.ndarray, group: np.ndarray) -> Case:
    """One number."""
    return Case(
        lambda: demographic_parity_difference(label, decision, sensitive_features=group),
        {"fairlearn": lambda: fairlearn.demographic_parity_difference(label, decision, sensitive_features=group)},
        aim=100,
    )


def aif360_case(label: np.ndarray, decision: np.ndarray, group: np.ndarray) -> Case:
    """Three signed gaps between group 0 and everybody else, which is what aif360 compares."""
    index = pd.Index(group, name="group")
    series, sides = (pd.Series(label, index=index), pd.Series(decision, index=index)), {"priv_group": 0}
    names = ("statistical_parity_difference", "equal_opportunity_difference", "average_odds_difference")

    def theirs() -> list[float]:
        return [getattr(aif360, name)(*series, prot_attr="group", **sides) for name in names]

    def ours() -> list[float]:
        counts = group_counts(label, decision, sensitive_features=group == 0)
        rates = ("selection_rate", "true_positive_rate", "false_positive_rate")
        parity, tpr, fpr = (signed_rate_difference(counts, rate, True)[False] for rate in rates)
        return [parity, tpr, (tpr + fpr) / 2]

    np.testing.assert_allclose(ours(), theirs(), rtol=0, atol=1e-12)
    return Case(ours, {"aif360": theirs}, aim=10)


def bootstrap_case(label: np.ndarray, decision: np.ndarray, group: np.ndarray) -> Case:
    """A thousand draws, beside one evaluation of the same metrics from the rows."""
    counts = group_counts(label, decision, sensitive_features=group)
    return Case(
        lambda: bootstrap_metrics(counts),
        {"ours, one evaluation": lambda: group_metrics(label, decision, sensitive_features=group)},
        aim=0.1,
    )


def cases() -> dict[str, Case]:
    """Name: ours beside the peer's."""
    label, decision, group = decisions()
    return {
        "all rates and gaps": frame_case(label, decision, group),
        "demographic parity difference": parity_case(label, decision, group),
        "the same, groups named by strings": parity_case(label, decision, WORDS[group]),
        "three signed gaps": aif360_case(label, decision, group),
        "bootstrap of all, 1,000 draws": bootstrap_case(label, decision, group),
    }


if __name__ == "__main__":
    report("fairness_groups", cases())
