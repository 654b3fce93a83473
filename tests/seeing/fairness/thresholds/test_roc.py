"""Score histograms, ROC curves and hulls: by hand, and beside scikit-learn and scipy."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial import ConvexHull
from sklearn.metrics import roc_auc_score
from sklearn.metrics import roc_curve as their_roc_curve

from seeing.fairness.thresholds.roc import convex_hull, roc_curve
from seeing.fairness.thresholds.score_counts import ScoreCounts, count_scores


def people(seed: int, rows: int, levels: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, scores (whole numbers if there are levels, so with ties) and weights."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(2, size=rows)
    labels[:2] = [0, 1]
    scores = rng.normal(labels, 1)
    return labels, np.round(scores * levels) if levels else scores, rng.random(rows) * (rng.random(rows) < 0.8) + 1e-9


def one(labels, scores, weights=None) -> ScoreCounts:
    return count_scores(labels, scores, sensitive_features=[0] * len(labels), sample_weight=weights)[0]


def test_by_hand():
    counts = one([0, 1, 0, 1, 1], [0.1, 0.4, 0.4, 0.9, 0.4])
    assert (counts.scores.tolist(), counts.negatives.tolist(), counts.positives.tolist()) == (
        [0.1, 0.4, 0.9],
        [1, 1, 0],
        [0, 2, 1],
    )
    curve = roc_curve(counts)
    assert curve.thresholds.tolist() == [math.inf, 0.9, 0.4, -math.inf]
    assert curve.fpr.tolist() == [0, 0, 0.5, 1]
    assert curve.tpr.tolist() == [0, 1 / 3, 1, 1]
    assert curve.selection_rate.tolist() == [0, 0.2, 0.8, 1]
    assert curve.area == pytest.approx(0.5 * (1 / 3 + 1) / 2 + 0.5)
    assert convex_hull(curve).thresholds.tolist() == [math.inf, 0.9, 0.4, -math.inf]


@pytest.mark.parametrize("levels", [0, 1, 5])
@pytest.mark.parametrize("weighted", [False, True])
def test_equals_scikit_learn(levels, weighted):
    for seed in range(10):
        labels, scores, weights = people(seed, 60, levels)
        weights = weights if weighted else None
        curve = roc_curve(one(labels, scores, weights))
        fpr, tpr, thresholds = their_roc_curve(labels, scores, sample_weight=weights, drop_intermediate=False)
        np.testing.assert_allclose(curve.fpr, fpr, atol=1e-12)
        np.testing.assert_allclose(curve.tpr, tpr, atol=1e-12)
        np.testing.assert_array_equal(curve.thresholds[:-1], thresholds[:-1])
        assert curve.area == pytest.approx(roc_auc_score(labels, scores, sample_weight=weights))


@pytest.mark.parametrize("rows", [2, 3, 10, 100, 3000])
def test_hull_equals_qhull(rows):
    for seed in range(8):
        labels, scores, _ = people(seed, rows)
        curve = roc_curve(one(labels, scores))
        hull = convex_hull(curve)
        points = np.stack([curve.false_positives, curve.true_positives], 1)
        # A point beyond all others at the lower right hides the lower side.
        corners = ConvexHull(np.concatenate([points, [[curve.negatives + 1, -1]]])).vertices
        wanted = {tuple(points[i]) for i in corners if i < len(points)}
        assert {tuple(p) for p in zip(hull.false_positives, hull.true_positives, strict=True)} == wanted


@pytest.mark.parametrize("shape", ["concave", "convex", "last jump", "line"])
def test_hull_of_hard_shapes(shape):
    """A pass over all points may drop one point only: the rest is done by a loop, and nothing is lost."""
    steps = np.arange(1, 2001.0)
    negatives, positives = {
        "concave": (steps[::-1], np.ones(2000)),  # the highest scores come last
        "convex": (steps, np.ones(2000)),
        "last jump": (np.append(1e6, steps[::-1][1:]), np.append(1e9, np.ones(1999))),
        "line": (np.ones(2000), np.ones(2000)),
    }[shape]
    hull = convex_hull(roc_curve(ScoreCounts(steps, negatives, positives)))
    assert len(hull.thresholds) == {"concave": 2001, "convex": 2, "last jump": 2, "line": 2}[shape]
    assert hull.fpr[[0, -1]].tolist() == hull.tpr[[0, -1]].tolist() == [0, 1]


def test_worse_than_chance_leaves_the_diagonal():
    hull = convex_hull(roc_curve(one([1, 1, 0, 0], [1, 2, 3, 4])))
    assert hull.thresholds.tolist() == [math.inf, -math.inf]
    assert hull.area == 0.5


def test_weights_are_repetitions_and_0_is_absence():
    repeated = one([0, 0, 0, 1, 1], [1, 1, 1, 2, 2])
    weighted = one([0, 1, 1], [1, 2, 3], [3, 2, 0])
    for name in ("scores", "negatives", "positives"):
        np.testing.assert_array_equal(getattr(repeated, name), getattr(weighted, name))
    with pytest.raises(ValueError, match="group 'b' must have a row of positive weight"):
        count_scores([0, 1, 1], [1, 2, 3], sensitive_features=["a", "a", "b"], sample_weight=[1, 1, 0])


def test_groups_and_intersections():
    counts = count_scores(
        torch.tensor([0, 1, 1, 0]),
        torch.tensor([0.5, 0.25, 0.5, 0.5]),
        sensitive_features={"sex": ["f", "f", "m", "f"], "old": [True, False, True, True]},
    )
    assert list(counts) == [("f", False), ("f", True), ("m", True)]
    assert counts["f", True].negatives.tolist() == [2]


@pytest.mark.parametrize(
    ("labels", "scores", "groups", "message"),
    [
        ([0, 1], [0.5, math.nan], [0, 0], "scores must be finite; got nan"),
        ([0, 1], [0.5, math.inf], [0, 0], "scores must be finite; got inf"),
        ([0, 1], ["a", "b"], [0, 0], "scores must be numbers"),
        ([0, 2], [0.5, 0.5], [0, 0], "y_true must hold 0 and 1"),
        ([0, 1], [0.5], [0, 0], "lengths y_true 2, scores 1"),
        ([], [], [], "at least one row"),
    ],
)
def test_bad_rows(labels, scores, groups, message):
    with pytest.raises(ValueError, match=message):
        count_scores(labels, scores, sensitive_features=groups)


@pytest.mark.parametrize(
    ("scores", "negatives", "positives", "message"),
    [
        ([1, 1], [1, 1], [1, 1], "distinct and rise"),
        ([2, 1], [1, 1], [1, 1], "distinct and rise"),
        ([1, 2], [1, -1], [1, 1], "at least 0; got -1"),
        ([1, 2], [1, math.nan], [1, 1], "negatives must be finite"),
        ([1, 2], [1], [1, 1], "lengths"),
        ([1, 2], [0, 0], [0, 0], "at least one person"),
    ],
)
def test_bad_histograms(scores, negatives, positives, message):
    with pytest.raises(ValueError, match=message):
        ScoreCounts(scores, negatives, positives)


def test_one_label_has_no_curve():
    with pytest.raises(ValueError, match="nobody has label 1"):
        roc_curve(ScoreCounts([1, 2], [1, 1], [0, 0]))
    with pytest.raises(ValueError, match="nobody has label 0"):
        roc_curve(ScoreCounts([1, 2], [0, 0], [0, 1]))


def test_a_histogram_from_a_published_curve_has_that_curve():
    counts = ScoreCounts.from_rates([0, 10, 20], [1, 0.5, 0.25], [1, 1, 0.5], negatives=8, positives=4)
    assert counts.negatives.tolist() == [4, 2, 2]
    assert counts.positives.tolist() == [0, 2, 2]
    for seed in range(5):
        labels, scores, _ = people(seed, 300, levels=3)
        known = one(labels, scores)
        curve = roc_curve(known)
        again = ScoreCounts.from_rates(
            known.scores, curve.fpr[:0:-1], curve.tpr[:0:-1], negatives=curve.negatives, positives=curve.positives
        )
        np.testing.assert_allclose(again.negatives, known.negatives, atol=1e-12)
        np.testing.assert_allclose(again.positives, known.positives, atol=1e-12)


@pytest.mark.parametrize("rates", [[0.9, 0.5], [1, 1.1], [1, -0.1], [1, float("nan")]])
@pytest.mark.parametrize("name", ["fpr", "tpr"])
def test_rates_that_are_no_curve(name, rates):
    both = {"fpr": [1, 0.5], "tpr": [1, 0.5], name: rates}
    with pytest.raises(ValueError, match=f"{name} must fall from 1"):
        ScoreCounts.from_rates([0, 1], **both, negatives=1, positives=1)


def test_one_threshold_and_lengths_that_differ():
    assert ScoreCounts.from_rates([3], [1], [1], negatives=2, positives=5).size == 7
    with pytest.raises(ValueError, match="scores"):
        ScoreCounts.from_rates([0, 1, 2], [1, 0.5], [1, 0.5], negatives=1, positives=1)
