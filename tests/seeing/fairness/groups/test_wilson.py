"""Wilson's interval against scipy, by hand, at its ends, and with weights."""

import numpy as np
import pytest
from scipy.stats import binomtest

from seeing.fairness.groups.counts import GroupCounts, group_counts
from seeing.fairness.groups.wilson import rate_interval, wilson_interval


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
def test_equals_scipy(confidence):
    for trials in (1, 2, 7, 30, 1795):
        successes = np.unique([0, 1, trials // 3, trials - 1, trials])
        low, high = wilson_interval(successes, trials, confidence)
        for place, number in enumerate(successes.tolist()):
            theirs = binomtest(number, trials).proportion_ci(confidence, "wilson")
            assert (low[place], high[place]) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_by_hand():
    """z = 1.959964: 1 of 2 gives .5 +- z sqrt(.5 + z^2 / 4) / (2 + z^2) = .5 +- .4055."""
    assert wilson_interval(1, 2) == pytest.approx((0.094531, 0.905469), abs=1e-6)


def test_the_ends_are_exact():
    low, high = wilson_interval([0, 5, 0, 1, 0], [5, 5, 1, 1, 0])
    assert low[[0, 2, 4]].tolist() == [0, 0, 0]
    assert high[[1, 3, 4]].tolist() == [1, 1, 1]
    assert 0 < high[0] < high[2] < 1
    assert 1 > low[1] > low[3] > 0


def test_of_a_rate_by_group():
    counts = GroupCounts.from_table(["a", "b"], [[[990, 805], [532, 1369]], [[1, 2], [0, 0]]])
    low, high = rate_interval(counts, "true_positive_rate")
    theirs = binomtest(1369, 1901).proportion_ci(method="wilson")
    assert (low[0], high[0]) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert np.isnan([low[1], high[1]]).all()
    assert np.isnan(rate_interval(counts, "true_positive_rate", minimum_n=1902)[0]).all()


def test_weights_count_as_the_effective_number_of_trials():
    label, decision, group = [1, 1, 1, 1, 0], [1, 0, 0, 1, 1], ["a"] * 5
    even = rate_interval(group_counts(label, decision, sensitive_features=group), "true_positive_rate")
    scaled = group_counts(label, decision, sensitive_features=group, sample_weight=[0.1] * 5)
    assert np.ravel(rate_interval(scaled, "true_positive_rate")) == pytest.approx(np.ravel(even))
    uneven = group_counts(label, decision, sensitive_features=group, sample_weight=[3, 1, 1, 1, 7])
    found = rate_interval(uneven, "true_positive_rate")  # 36 / 12 = 3 effective trials, rate 4 / 6
    assert np.ravel(found) == pytest.approx(np.ravel(wilson_interval(2, 3)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2, 1), "between 0 and trials"),
        ((-1, 1), "between 0 and trials"),
        ((np.nan, 1), "between 0 and trials"),
        ((1, np.inf), "finite"),
        ((1, 2, 1.0), r"confidence must lie in \(0, 1\); got 1.0"),
        ((1, 2, np.nan), "confidence"),
    ],
)
def test_bad_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        wilson_interval(*arguments)
