"""Student's interval of one number a seed, by hand and against scipy."""

import math

import numpy as np
import pytest
from scipy import stats

from seeing.metrics import seed_scores


def test_the_interval_is_students():
    values = [0.7, 0.75, 0.72, 0.8]
    found = seed_scores(values, 0.9)
    low, high = stats.t.interval(0.9, 3, np.mean(values), stats.sem(values))
    assert found.interval == pytest.approx((low, high), abs=1e-12)
    assert found.mean == pytest.approx(0.7425)
    # From the table of t: 2.353363 standard errors, of squares that sum to .005675 around the mean.
    assert high - found.mean == pytest.approx(2.353363 * math.sqrt(0.005675 / 3 / 4), rel=1e-5)
    assert seed_scores([0.5, 0.5]).interval == (0.5, 0.5)
    assert math.isnan(seed_scores([0.5]).interval.low)


@pytest.mark.parametrize(("values", "confidence"), [([], 0.95), ([1.0], 0), ([1.0], 1)])
def test_bad_input(values, confidence):
    with pytest.raises(ValueError, match=r"a value and a confidence in \(0, 1\) were expected"):
        seed_scores(values, confidence)
