"""Probes: what classifiers of different kinds can still tell from a representation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seeing.arrays import as_array
from seeing.fairness.groups.groups import SensitiveFeatures, find_groups
from seeing.fairness.inputs import Values, check_lengths

KINDS = ("linear", "forest", "boosting")


@dataclass(frozen=True)
class Probe:
    """How well one classifier finds the group, on rows that it did not learn from.

    Attributes:
        balanced_accuracy: mean over the groups of P(right | group); ideal 1 / G, that of a guess. The answer is the
            group whose probability is highest in relation to its share among the training rows.
        auc: area under the ROC curve; for more than two groups the mean of each against the rest; ideal .5.
        accuracy: P(right), with the likeliest group as the answer. Ideal `majority`; it hides much where one group is
            large.
        majority: share of the largest group.
        folds: balanced accuracy of each fold, whose mean the first number is.
    """

    balanced_accuracy: float
    auc: float
    accuracy: float
    majority: float
    folds: tuple[float, ...]


def probe(
    representation: Values,
    *,
    sensitive_features: SensitiveFeatures,
    probes: Sequence[str] | Mapping[str, Any] = KINDS,
    folds: int = 5,
    seed: int = 0,
) -> dict[str, Probe]:
    """Try to tell the group from a representation, with several classifiers, in cross-validation.

    A linear probe finds only what lies along a line. A penalty that makes the groups' means equal passes it, while a
    forest still finds the group in the shape of the clouds: judge by the best probe. Even that is a lower bound.

    Args:
        representation: (N, Z) finite numbers; (N,) is taken as (N, 1).
        sensitive_features: (N,), or several columns, whose intersections are to be told; two groups or more.
        probes: names out of "linear" (logistic regression on standardised columns), "forest" (100 trees) and
            "boosting" (boosted trees on histograms); or a mapping of names to unfitted scikit-learn classifiers with
            `predict_proba`, which are cloned for each fold.
        folds: how many, at least 2, stratified by group and shuffled.
        seed: of the folds and the classifiers.

    Returns:
        A result for each probe, by name.

    Raises:
        ValueError: if shapes or lengths are not these, a number is NaN or infinite, there is one group only, a group
            has fewer rows than folds, or a probe is unknown.
    """
    from sklearn.base import clone
    from sklearn.model_selection import StratifiedKFold

    rows = _rows(representation)
    groups = find_groups(sensitive_features)
    check_lengths(representation=len(rows), sensitive_features=len(groups.codes))
    counts = np.bincount(groups.codes)
    if len(counts) < 2 or not 2 <= folds <= counts.min():
        raise ValueError(
            "two groups at least were expected, each with as many rows as there are folds, which are 2 or more; "
            f"got {len(counts)} groups, {counts.min()} rows in the smallest, and {folds} folds"
        )
    chosen = probes if isinstance(probes, Mapping) else {name: _classifier(name, seed) for name in probes}
    splits = list(StratifiedKFold(folds, shuffle=True, random_state=seed).split(rows, groups.codes))
    results = {}
    for name, classifier in chosen.items():
        scores = [_score(clone(classifier), rows, groups.codes, *split) for split in splits]
        balanced, auc, accuracy = np.mean(scores, 0).tolist()
        each = tuple(float(score[0]) for score in scores)
        results[name] = Probe(balanced, auc, accuracy, float(counts.max() / len(rows)), each)
    return results


def leakage(results: Mapping[str, Probe]) -> float:
    """The highest balanced accuracy that any probe reached; ideal value 1 / G.

    Args:
        results: of `probe`.

    Raises:
        ValueError: if there is none.
    """
    if not results:
        raise ValueError("at least one probe was expected; got none")
    return max(result.balanced_accuracy for result in results.values())


def _rows(representation: Values) -> np.ndarray:
    rows = as_array(representation, "representation")
    rows = rows[:, None] if rows.ndim == 1 else rows
    if rows.ndim != 2 or not rows.size or rows.dtype.kind not in "iufb":
        raise ValueError(
            f"representation must be numbers, (N, Z) with N and Z at least 1; got {rows.dtype} {rows.shape}"
        )
    if not np.isfinite(rows).all():
        raise ValueError("representation must hold finite numbers; got NaN or an infinity")
    return rows.astype(np.float64)


def _classifier(name: str, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if name == "linear":
        # In a pipeline, so that the scale is learned from the training part of each fold only.
        return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    if name == "forest":
        # Leaves of a few rows, so that the trees' shares are probabilities rather than votes.
        return RandomForestClassifier(min_samples_leaf=5, random_state=seed)
    if name == "boosting":
        return HistGradientBoostingClassifier(random_state=seed)
    raise ValueError(f"probes must be out of {', '.join(KINDS)}, or a mapping to classifiers; got {name!r}")


def _score(
    classifier: Any, rows: np.ndarray, codes: np.ndarray, train: np.ndarray, test: np.ndarray
) -> tuple[float, float, float]:
    """Balanced accuracy, area and accuracy on the rows of the test fold."""
    from sklearn.metrics import balanced_accuracy_score, roc_auc_score

    probabilities = classifier.fit(rows[train], codes[train]).predict_proba(rows[test])
    shares = np.bincount(codes[train]) / len(train)
    truth = codes[test]
    two = probabilities.shape[1] == 2
    return (
        balanced_accuracy_score(truth, (probabilities / shares).argmax(1)),
        roc_auc_score(truth, probabilities[:, 1] if two else probabilities, multi_class="ovr"),
        (probabilities.argmax(1) == truth).mean(),
    )
