"""Fitting equalised odds beside fairlearn's ThresholdOptimizer, whose grid of rates is the only difference."""

import numpy as np
from fairlearn.postprocessing import ThresholdOptimizer
from sklearn.base import BaseEstimator, ClassifierMixin

from benchmarks.harness import Case, report
from seeing.fairness.thresholds.equalized_odds import fit_equalized_odds
from seeing.fairness.thresholds.score_counts import count_scores

ROWS, GROUPS = 1_000_000, 4
GRID = 1000
"""The peer's own default."""


class GivenScores(ClassifierMixin, BaseEstimator):
    """A classifier whose only feature is its score."""

    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X):
        return np.concatenate([1 - X, X], axis=1)


def people(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, continuous scores that overlap, and groups that differ in base rate and spread."""
    rng = np.random.default_rng(seed)
    groups = rng.integers(GROUPS, size=ROWS)
    labels = (rng.random(ROWS) < 0.3 + 0.1 * groups / 3).astype(int)
    logits = 1.2 * labels + rng.normal(size=ROWS) * (1 + 0.1 * groups)
    return labels, 1 / (1 + np.exp(-logits)), groups


def fit_peer(labels: np.ndarray, scores: np.ndarray, groups: np.ndarray) -> ThresholdOptimizer:
    """The peer's fit, on scores that are ready."""
    optimizer = ThresholdOptimizer(
        estimator=GivenScores().fit(None, None),
        constraints="equalized_odds",
        objective="accuracy_score",
        grid_size=GRID,
        prefit=True,
        predict_method="predict_proba",
    )
    return optimizer.fit(scores[:, None], labels, sensitive_features=groups)


def check_same(labels: np.ndarray, scores: np.ndarray, groups: np.ndarray) -> None:
    """Refuse to time two things that differ: the peer's error may exceed ours by a step of its grid, no more."""
    counts = count_scores(labels, scores, sensitive_features=groups)
    ours = fit_equalized_odds(counts).expected_rates(counts)
    accept = fit_peer(labels, scores, groups)._pmf_predict(scores[:, None], sensitive_features=groups)[:, 1]
    theirs = np.where(labels == 1, 1 - accept, accept).mean()
    assert np.ptp(ours.fpr) < 1e-12
    assert np.ptp(ours.tpr) < 1e-12
    assert -1e-9 < theirs - ours.error < 1 / GRID, (theirs, ours.error)


def cases() -> dict[str, Case]:
    """Name: ours, from rows to rule, beside the peer's."""
    labels, scores, groups = people()
    check_same(labels, scores, groups)
    return {
        f"equalised odds fit, {ROWS:,} rows, {GROUPS} groups": Case(
            lambda: fit_equalized_odds(count_scores(labels, scores, sensitive_features=groups)),
            {"fairlearn ThresholdOptimizer": lambda: fit_peer(labels, scores, groups)},
            aim=20,
        )
    }


if __name__ == "__main__":
    report("fairness_thresholds", cases())
