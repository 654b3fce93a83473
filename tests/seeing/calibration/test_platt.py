"""Platt scaling against scikit-learn, a general minimiser, and hand-made cases."""

import math

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.calibration import _SigmoidCalibration
from sklearn.linear_model import LogisticRegression

from seeing.calibration import fit_platt


def margins(seed: int, rows: int = 200, scale: float = 1) -> tuple[np.ndarray, np.ndarray]:
    """Scores and labels that follow them."""
    generator = np.random.default_rng(seed)
    scores = generator.normal(size=rows) * 2
    return scores * scale, (generator.random(rows) < expit(1.3 * scores - 0.4)).astype(int)


def slow_platt(scores, labels, weights) -> np.ndarray:
    """(slope, intercept) by a simplex search on the smoothed cross-entropy."""
    ones, zeros = weights[labels == 1].sum(), weights[labels == 0].sum()
    aim = np.where(labels == 1, (ones + 1) / (ones + 2), 1 / (zeros + 2))

    def loss(parameters):
        logits = parameters[0] * scores + parameters[1]
        return np.sum(weights * (np.logaddexp(0, logits) - aim * logits))

    return minimize(loss, [0, 0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 5000}).x


def test_a_case_by_hand():
    """Score 0: one of four is 1; score 1: three of four. Smoothed aims are 5/6 and 1/6: the two shares 1/3 and 2/3."""
    fitted = fit_platt([0.0] * 4 + [1.0] * 4, [1, 0, 0, 0, 1, 1, 1, 0])
    assert fitted([0.0, 1.0]).tolist() == pytest.approx([1 / 3, 2 / 3])
    assert fitted.slope == pytest.approx(2 * math.log(2))
    plain = fit_platt([0.0] * 4 + [1.0] * 4, [1, 0, 0, 0, 1, 1, 1, 0], smooth=False)
    assert plain([0.0, 1.0]).tolist() == pytest.approx([0.25, 0.75])


@pytest.mark.parametrize("seed", range(5))
def test_equals_the_search_with_weights(seed):
    scores, labels = margins(seed)
    for weights in (np.ones(200), np.random.default_rng(seed).integers(0, 4, 200).astype(float)):
        fitted = fit_platt(scores, labels, sample_weight=weights)
        assert (fitted.slope, fitted.intercept) == pytest.approx(tuple(slow_platt(scores, labels, weights)), abs=1e-5)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("scale", [1, 1000])
def test_equals_scikit_learn(seed, scale):
    scores, labels = margins(seed, scale=scale)
    theirs = _SigmoidCalibration().fit(scores, labels)
    np.testing.assert_allclose(fit_platt(scores, labels)(scores), theirs.predict(scores), rtol=0, atol=1e-4)
    plain = fit_platt(scores, labels, smooth=False)
    logistic = LogisticRegression(C=np.inf, tol=1e-10).fit(scores[:, None] / scale, labels)
    assert plain.slope * scale == pytest.approx(logistic.coef_[0, 0], rel=1e-5)
    assert plain.intercept == pytest.approx(logistic.intercept_[0], abs=1e-5)


def test_separable_scores_are_finite_if_smooth_and_refused_if_not():
    scores, labels = [-2.0, -1.0, 1.0, 2.0], [0, 0, 1, 1]
    fitted = fit_platt(scores, labels)
    assert 0 < fitted.slope < 10
    assert fit_platt(scores, [1, 1, 0, 0]).slope == pytest.approx(-fitted.slope)
    for outcome in (labels, [1, 1, 0, 0]):
        with pytest.raises(ValueError, match=r"a threshold separates the classes.*use smooth=True"):
            fit_platt(scores, outcome, smooth=False)
    with pytest.raises(ValueError, match="separates"):  # only the tied score holds both classes
        fit_platt([0.0, 1.0, 1.0, 2.0], [0, 0, 1, 1], smooth=False)


def test_equal_scores_give_the_base_rate():
    for scores in ([5.0] * 4, [0.0] * 4):
        fitted = fit_platt(scores, [1, 1, 1, 0], smooth=False)
        assert fitted.slope == pytest.approx(0, abs=1e-9)
        assert fitted(scores).tolist() == pytest.approx([0.75] * 4)


def test_far_scores_and_shifts():
    scores, labels = margins(9)
    wanted = fit_platt(scores, labels)(scores)
    for shift, scale in ((1e6, 1), (0, 1e-8), (0, 1e8)):
        moved = scores * scale + shift
        torch.testing.assert_close(fit_platt(moved, labels)(moved), wanted, rtol=0, atol=1e-6)


def test_types():
    scores, labels = margins(3)
    fitted = fit_platt(torch.tensor(scores), torch.tensor(labels == 1))
    assert fitted == fit_platt(scores, labels)
    assert fitted(scores).dtype == torch.float64
    assert fitted(torch.tensor(scores).half()).dtype == torch.float32
    assert fitted([]).shape == (0,)


@pytest.mark.parametrize(
    ("scores", "labels", "message"),
    [
        ([0.1, 0.2], [1, 1], r"both classes, 0 and 1; got only 1"),
        ([math.nan, 0.2], [0, 1], "scores must be finite; got nan"),
        ([[0.1, 0.2]], [0], r"scores must be \(N,\) real numbers"),
        ([0.1, 0.2], [0, 1, 1], "N = 2"),
        ([], [], "integers or bool, N = 0; got torch.float64"),
        ([], np.zeros(0, int), "at least one row"),
    ],
)
def test_bad_input_is_refused(scores, labels, message):
    with pytest.raises(ValueError, match=message):
        fit_platt(scores, labels)
