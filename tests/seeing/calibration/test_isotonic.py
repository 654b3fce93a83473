"""Isotonic calibration against scikit-learn, the min-max formula, and hand-made cases."""

import numpy as np
import pytest
import torch
from sklearn.isotonic import IsotonicRegression

from seeing.calibration import fit_isotonic
from seeing.calibration.isotonic import pool_adjacent


def slow_isotonic(values: list[float], weights: list[float]) -> list[float]:
    """max over starts j <= i of the min over ends k >= i of the mean of values j..k."""
    count = len(values)
    mean = lambda j, k: np.average(values[j : k + 1], weights=weights[j : k + 1])  # noqa: E731
    return [max(min(mean(j, k) for k in range(i, count)) for j in range(i + 1)) for i in range(count)]


def test_a_case_by_hand():
    fitted = fit_isotonic([0.1, 0.2, 0.3, 0.4], [0, 1, 0, 1])
    assert fitted.scores.tolist() == [0.1, 0.2, 0.3, 0.4]
    assert fitted.probabilities.tolist() == [0, 0.5, 0.5, 1]
    assert fitted([0.0, 0.1, 0.15, 0.25, 0.35, 0.4, 9]).tolist() == pytest.approx([0, 0, 0.25, 0.5, 0.75, 1, 1])


@pytest.mark.parametrize("seed", range(20))
def test_pooling_equals_the_formula(seed):
    generator = np.random.default_rng(seed)
    values, weights = generator.integers(0, 4, 12).tolist(), generator.integers(1, 4, 12).tolist()
    assert pool_adjacent(values, weights) == pytest.approx(slow_isotonic(values, weights))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("levels", [3, 20, 10**6])
def test_equals_scikit_learn_with_ties_and_weights(seed, levels):
    generator = np.random.default_rng(seed)
    scores = generator.integers(0, levels, 150) / levels
    labels = (generator.random(150) < scores**2).astype(int)
    weights = generator.integers(0, 3, 150).astype(float)
    for weight in (None, weights):
        theirs = IsotonicRegression(out_of_bounds="clip").fit(scores, labels, weight)
        asked = generator.random(300) * 1.4 - 0.2
        got = fit_isotonic(scores, labels, sample_weight=weight)(asked)
        np.testing.assert_allclose(got, theirs.predict(asked), rtol=0, atol=1e-12)


def test_degenerate_scores():
    assert fit_isotonic([1.0, 2.0], [0, 1])([1.5]).tolist() == [0.5]
    assert fit_isotonic([1.0, 2.0, 3.0, 4.0], [1, 1, 1, 0])([0.0, 2.5, 9.0]).tolist() == [0.75] * 3
    same = fit_isotonic([1.0, 1.0, 1.0, 1.0], [1, 0, 0, 0])
    assert same([0.0, 1.0, 2.0]).tolist() == [0.25] * 3
    # A row of weight 0 is as good as absent, and may not even widen the curve.
    fitted = fit_isotonic([0.0, 1.0, 2.0, 9.0], [0, 0, 1, 0], sample_weight=[1, 1, 1, 0])
    assert fitted.scores.tolist() == [0, 1, 2]


def test_types():
    fitted = fit_isotonic(torch.tensor([0.1, 0.2, 0.3]), torch.tensor([False, True, True]))
    assert fitted(torch.tensor([0.2], dtype=torch.bfloat16)).dtype == torch.float32
    assert fitted(np.array([0.2])).dtype == torch.float64
    assert fitted([]).shape == (0,)


@pytest.mark.parametrize(
    ("scores", "labels", "weights", "message"),
    [
        ([0.1, 0.2], [0, 0], None, "both classes, 0 and 1; got only 0"),
        ([0.1, 0.2], [0, 1], [1, 0], "both classes, 0 and 1; got only 0"),
        ([0.1, np.nan], [0, 1], None, "finite; got nan"),
        ([0.1, 0.2], [0, 2], None, "got 2"),
    ],
)
def test_bad_input_is_refused(scores, labels, weights, message):
    with pytest.raises(ValueError, match=message):
        fit_isotonic(scores, labels, sample_weight=weights)
    with pytest.raises(ValueError, match="finite"):
        fit_isotonic([0.1, 0.2], [0, 1])([np.inf])


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    scores = torch.rand(200, generator=torch.Generator().manual_seed(0))
    labels = torch.rand(200, generator=torch.Generator().manual_seed(1)) < scores
    got = fit_isotonic(scores.cuda(), labels.cuda())(scores.cuda())
    torch.testing.assert_close(got.cpu(), fit_isotonic(scores, labels)(scores))
