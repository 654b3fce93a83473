"""The identity that ties base rate, predictive value and error rates together."""

import numpy as np
import pytest

from seeing.fairness.groups.counts import GroupCounts
from seeing.fairness.groups.impossibility import identity_error, implied_false_positive_rate


def test_by_hand():
    """TN 4, FP 2, FN 1, TP 3: p = .4, PPV = .6, FNR = .25, so FPR = 2/3 * 2/3 * 3/4 = 1/3."""
    assert implied_false_positive_rate(0.4, 0.6, 0.25) == pytest.approx(1 / 3, abs=1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_holds_for_any_counts(seed):
    tables = np.random.default_rng(seed).integers(1, 2000, (200, 2, 2))
    assert np.abs(identity_error(GroupCounts.from_table(range(200), tables))).max() < 1e-12


def test_unequal_base_rates_force_unequal_false_positive_rates():
    black, white = implied_false_positive_rate([0.51, 0.39], 0.6, 0.3)
    assert black > white
    same = implied_false_positive_rate([0.51, 0.39], 1.0, [0.1, 0.5])
    assert same.tolist() == [0, 0]  # unless the prediction is perfect


def test_an_impossible_combination_gives_more_than_1():
    assert implied_false_positive_rate(0.9, 0.2, 0.1) > 1


def test_degenerate_groups_give_nan():
    tables = [
        [[0, 0], [3, 2]],
        [[3, 2], [0, 0]],
        [[3, 0], [2, 0]],
        [[3, 2], [4, 0]],
        [[0, 0], [0, 0]],
        [[3, 2], [0, 4]],
    ]
    error = identity_error(GroupCounts.from_table(range(6), tables))
    assert np.isnan(error).tolist() == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 0.5, 0.5), r"base_rate must lie in \[0, 1\); got 1.0"),
        ((0.5, 0, 0.5), r"positive_predictive_value must lie in \(0, 1\]; got 0.0"),
        ((0.5, 0.5, [0.1, 1.5]), r"false_negative_rate must lie in \[0, 1\]; got 1.5"),
    ],
)
def test_bad_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        implied_false_positive_rate(*arguments)
