"""Operating points: the two lines by hand, at their edges, and as properties of many scores."""

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score, roc_curve

from seeing.fairness.thresholds.operating_points import operating_point, rescale_to_operating_point, undo_rescaling


def test_by_hand():
    found = rescale_to_operating_point([0, 0.1, 0.2, 0.6, 1], 0.2)
    assert found.tolist() == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=1e-15)
    several = rescale_to_operating_point(torch.tensor([[0.25, 0.25], [0.5, 0.875]]), [0.25, 0.75])
    assert several.tolist() == pytest.approx(np.array([[0.5, 1 / 6], [2 / 3, 0.75]]), abs=1e-15)


@pytest.mark.parametrize("seed", range(30))
def test_the_point_lands_at_one_half_and_no_decision_changes(seed):
    random = np.random.default_rng(seed)
    point = random.choice([random.random(), 10 ** -random.uniform(1, 12), 0.5, 1 - 1e-12])
    scores = np.sort(random.random(500))
    around = [np.nextafter(point, 0), point, np.nextafter(point, 1)]
    below, at, above = rescale_to_operating_point(around, point)
    assert at == 0.5
    assert below < 0.5 <= above
    scores = np.concatenate([scores, around])
    rescaled = rescale_to_operating_point(scores, point)
    assert ((scores >= point) == (rescaled >= 0.5))[:-1].all()
    assert (np.diff(rescaled[:500]) >= 0).all()
    assert rescale_to_operating_point([0, 1], point).tolist() == [0, 1]
    np.testing.assert_allclose(undo_rescaling(rescaled, point), scores, rtol=0, atol=1e-14)
    assert rescaled.min() >= 0
    assert rescaled.max() <= 1
    y = random.integers(0, 2, 503)
    if (np.diff(rescaled[:500]) > 0).all():
        assert roc_auc_score(y[:500], rescaled[:500]) == roc_auc_score(y[:500], scores[:500])


def test_the_inverse_at_the_edges():
    assert undo_rescaling([0, 0.5, 1], 0.3).tolist() == pytest.approx([0, 0.3, 1], abs=1e-16)
    assert undo_rescaling([[0.5, 0.5]], [0.1, 0.9]).tolist() == [[0.1, 0.9]]


@pytest.mark.parametrize("seed", range(20))
def test_the_operating_point_is_the_highest_threshold_that_finds_enough(seed):
    random = np.random.default_rng(seed)
    y = random.integers(0, 2, 40)
    y[0] = 1
    scores = random.integers(0, 12, 40) / 11  # with ties
    for wanted in (0.05, 0.5, 0.7, 0.9, 1.0):
        found = operating_point(y, scores, sensitivity=wanted)
        _, tpr, thresholds = roc_curve(y, scores, drop_intermediate=False)
        assert found == thresholds[tpr >= wanted - 1e-12].max()


def test_a_share_that_is_met_exactly():
    scores = np.arange(1, 11) / 10
    for tenths in range(1, 11):
        found = operating_point(np.ones(10), scores, sensitivity=tenths / 10)
        assert found == scores[10 - tenths]
        assert (scores >= found).mean() == pytest.approx(tenths / 10)
    assert operating_point([1], [0.4], sensitivity=0.001) == 0.4


def test_empty_scores():
    assert rescale_to_operating_point([], 0.5).shape == (0,)


def test_bad_input_is_refused_with_what_came():
    for scores in ([0.5, np.nan], [-0.1], [1.1]):
        with pytest.raises(ValueError, match=r"scores must lie in \[0, 1\]; got"):
            rescale_to_operating_point(scores, 0.5)
    with pytest.raises(ValueError, match=r"rescaled must lie in \[0, 1\]; got 2"):
        undo_rescaling([2], 0.5)
    for point in (0, 1, np.nan, [0.5, 1.5]):
        with pytest.raises(ValueError, match="operating points must lie in"):
            rescale_to_operating_point([0.1, 0.2], point)
    with pytest.raises(ValueError, match=r"got \(2,\) for scores \(3,\)"):
        rescale_to_operating_point([0.1, 0.2, 0.3], [0.5, 0.6])
    with pytest.raises(ValueError, match="sensitivity must lie in"):
        operating_point([1, 0], [0.1, 0.2], sensitivity=0)
    with pytest.raises(ValueError, match="a positive at least"):
        operating_point([0, 0], [0.1, 0.2], sensitivity=0.5)
    with pytest.raises(ValueError, match="y_true 2, scores 1"):
        operating_point([1, 0], [0.1], sensitivity=0.5)
