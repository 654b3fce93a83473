"""The accuracy-leakage curve, on representations whose leakage is known, and Student's interval by hand."""

import math

import numpy as np
import pytest

from seeing.fairness.representations.leakage_curve import leakage_curve
from seeing.fairness.representations.probes import probe

random = np.random.default_rng(0)
LABEL, GROUP = random.integers(0, 2, (2, 200))


def represent(strength, seed):
    """The label's column stays; the group's fades as the strength grows."""
    noise = np.random.default_rng(seed).normal(size=(2, 200))
    return np.stack([2 * LABEL + noise[0], 4 * (1 - strength) * GROUP + noise[1]], 1)


def test_the_curve_falls_as_the_group_fades():
    points = leakage_curve(
        represent, [0.0, 0.5, 1.0], [1, 2, 3], y_true=LABEL, sensitive_features=GROUP, probes=["linear"], folds=2
    )
    assert [point.strength for point in points] == [0, 0.5, 1]
    leaks = [point.leakage.mean for point in points]
    assert leaks[0] > 0.95
    assert leaks[0] > leaks[1] > leaks[2]
    assert leaks[2] < 0.57
    assert all(point.accuracy.mean > 0.8 for point in points)
    assert all(point.leakage == point.linear_leakage for point in points)
    wanted = probe(represent(0.5, 2), sensitive_features=GROUP, probes=["linear"], folds=2, seed=2)
    assert points[1].leakage.values[1] == wanted["linear"].balanced_accuracy


def test_the_best_probe_counts():
    def ring(strength, seed):
        noise = np.random.default_rng(seed).normal(size=200)
        return np.stack([noise * np.where(GROUP, 5, 1), LABEL], 1)

    (point,) = leakage_curve(ring, [0], [0], y_true=LABEL, sensitive_features=GROUP, probes=["forest"], folds=2)
    assert point.leakage.mean > point.linear_leakage.mean + 0.1
    assert all(math.isnan(end) for end in point.leakage.interval)


def test_bad_input_is_refused_before_anything_is_trained():
    def never(strength, seed):
        raise AssertionError

    good = {"y_true": LABEL, "sensitive_features": GROUP}
    with pytest.raises(ValueError, match=r"got 0 and 0\.95"):
        leakage_curve(never, [1], [], **good)
    with pytest.raises(ValueError, match="got 1 and 1"):
        leakage_curve(never, [1], [0], **good, confidence=1)
    with pytest.raises(ValueError, match="y_true must hold 0 and 1"):
        leakage_curve(never, [1], [0], **{**good, "y_true": LABEL + 1})
    with pytest.raises(ValueError, match="missing value"):
        leakage_curve(never, [1], [0], **{**good, "sensitive_features": [None] * 200})
