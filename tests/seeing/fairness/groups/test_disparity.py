"""The forms of a gap by hand and against loops over pairs: largest, mean, signed, ratio."""

from itertools import combinations

import aif360.sklearn.metrics as aif360
import numpy as np
import pandas as pd
import pytest

from seeing.fairness.groups.counts import GroupCounts, group_counts
from seeing.fairness.groups.disparity import (
    max_difference,
    mean_difference,
    min_ratio,
    signed_difference,
    signed_rate_difference,
    signed_ratio,
)
from tests.seeing.fairness.group_cases import decisions

RATES = np.array([0.5, 0.25, 0.75, 0.5])


def test_the_forms_by_hand():
    assert max_difference(RATES) == 0.5
    assert mean_difference(RATES) == pytest.approx((0.25 + 0.25 + 0 + 0.5 + 0.25 + 0.25) / 6)
    assert min_ratio(RATES) == pytest.approx(1 / 3)
    assert signed_difference(RATES, 1).tolist() == [0.25, 0, 0.5, 0.25]
    assert signed_ratio(RATES, 0).tolist() == [1, 0.5, 1.5, 1]
    assert max_difference(RATES, 0.7) == pytest.approx(0.45)
    assert min_ratio(RATES, 0.5) == 0.5


@pytest.mark.parametrize("groups", range(1, 7))
def test_many_tables_at_once_equal_loops_over_pairs(groups):
    rates = np.random.default_rng(groups).random((20, groups))
    pairs = list(combinations(range(groups), 2))
    for row, largest, mean, ratio in zip(
        rates, max_difference(rates), mean_difference(rates), min_ratio(rates), strict=True
    ):
        gaps = [abs(row[i] - row[j]) for i, j in pairs] or [0.0]
        assert largest == pytest.approx(max(gaps))
        assert mean == pytest.approx(sum(gaps) / len(gaps))
        assert ratio == pytest.approx(
            min([row[i] / row[j] for i, j in pairs] + [row[j] / row[i] for i, j in pairs] + [1])
        )


def test_zeros_and_nans():
    assert min_ratio(np.zeros(3)) == 1
    assert min_ratio(np.array([0, 0.5])) == 0
    assert min_ratio(np.zeros(2), 0.0) == 1
    assert signed_ratio(np.array([0, 0.5]), 0).tolist() == [1, np.inf]
    hole = np.array([0.5, np.nan])
    for form in (max_difference, mean_difference, min_ratio):
        assert np.isnan(form(hole))


def test_signed_differences_name_the_groups():
    counts = GroupCounts.from_table(["a", "b", "c"], [[[3, 1], [1, 3]], [[1, 1], [0, 2]], [[2, 0], [1, 1]]])
    assert signed_rate_difference(counts, "selection_rate", "b") == {"a": -0.25, "c": -0.5}
    with pytest.raises(ValueError, match="no group 'z'"):
        signed_rate_difference(counts, "selection_rate", "z")


@pytest.mark.parametrize("seed", range(3))
def test_signed_differences_equal_aif360(seed):
    label, decision, group, _ = decisions(seed, groups=2)
    index = pd.Index(group, name="group")
    series = pd.Series(label, index=index), pd.Series(decision, index=index)
    sides = {"prot_attr": "group", "priv_group": 1}
    counts = group_counts(label, decision, sensitive_features=group)

    def gap(name):
        return signed_rate_difference(counts, name, 1)[0]

    assert gap("selection_rate") == pytest.approx(aif360.statistical_parity_difference(*series, **sides), abs=1e-12)
    assert gap("true_positive_rate") == pytest.approx(aif360.equal_opportunity_difference(*series, **sides), abs=1e-12)
    mean = (gap("true_positive_rate") + gap("false_positive_rate")) / 2
    assert mean == pytest.approx(aif360.average_odds_difference(*series, **sides), abs=1e-12)
