"""The intersectional audit: the published figures of the Amazon audit, rows against recorded counts, thin groups."""

import numpy as np
import pytest

from seeing.fairness.groups.audit import intersectional_audit
from seeing.fairness.groups.wilson import wilson_interval

SUBGROUPS = {
    "skin": ["darker", "darker", "lighter", "lighter"],
    "gender": ["female", "male", "female", "male"],
}
CASES, ERRORS = [271, 318, 295, 386], [85, 4, 21, 0]


def percent(table):
    return {tuple(row.group.values()): round(100 * row.rate, 2) for row in table}


def test_the_audit_of_amazon_rekognition():
    """Raji and Buolamwini (2019) print these nine error rates, in percent, without the counts behind them."""
    assert percent(intersectional_audit(ERRORS, cases=CASES, sensitive_features=SUBGROUPS)) == {
        (): 8.66,
        ("darker",): 15.11,
        ("lighter",): 3.08,
        ("female",): 18.73,
        ("male",): 0.57,
        ("darker", "female"): 31.37,
        ("darker", "male"): 1.26,
        ("lighter", "female"): 7.12,
        ("lighter", "male"): 0.0,
    }


def test_rows_and_recorded_counts_give_the_same_table():
    recorded = intersectional_audit(ERRORS, cases=CASES, sensitive_features=SUBGROUPS)
    rows = {name: np.repeat(values, CASES) for name, values in SUBGROUPS.items()}
    errors = np.concatenate([np.arange(cases) < wrong for cases, wrong in zip(CASES, ERRORS, strict=True)])
    assert intersectional_audit(errors, sensitive_features=rows) == recorded
    first = recorded[5]
    assert first.group == {"skin": "darker", "gender": "female"}
    assert (first.cases, first.errors) == (271, 85)
    assert (first.low, first.high) == pytest.approx(tuple(map(float, wilson_interval(85, 271))))


def test_a_thin_group_shows_its_counts_but_no_rate():
    table = intersectional_audit([1, 0, 2], cases=[29, 30, 2], sensitive_features=["a", "b", "c"])
    assert [row.cases for row in table] == [61, 29, 30, 2]
    assert [np.isnan(row.rate) for row in table] == [False, True, False, True]
    assert np.isnan([table[1].low, table[1].high]).all()
    assert table[2].group == {"sensitive_features": "b"}
    assert not np.isnan(intersectional_audit([1], sensitive_features=["a"], minimum_n=1)[1].rate)


def test_three_features_give_every_subset():
    random = np.random.default_rng(0)
    features = {name: random.integers(0, 2, 400) for name in "xyz"}
    errors = random.random(400) < 0.2
    table = intersectional_audit(errors, sensitive_features=features, minimum_n=1)
    assert len(table) == 1 + 6 + 12 + 8
    for row in table:
        chosen = np.ones(400, bool)
        for name, value in row.group.items():
            chosen &= features[name] == value
        assert (row.cases, row.errors) == (chosen.sum(), errors[chosen].sum())
        assert row.rate == errors[chosen].mean()


@pytest.mark.parametrize(
    ("errors", "cases", "message"),
    [
        ([], None, "errors must be .* at least one row"),
        ([2, 0, 0, 0], None, "errors must hold 0 and 1"),
        ([1, 0, 0], None, "lengths errors 3, skin 4, gender 4"),
        ([5, 0, 0, 0], [4, 1, 1, 1], "got 5.0 errors in 4.0 cases"),
        ([0, 0, 0, 0], [0, 1, 1, 1], "got 0.0 errors in 0.0 cases"),
        ([0.5, 0, 0, 0], [4, 1, 1, 1], "got 0.5 errors"),
        ([0, 0, 0, 0], [4, 1, 1], "lengths errors 4, cases 3"),
    ],
)
def test_bad_input_is_refused(errors, cases, message):
    with pytest.raises(ValueError, match=message):
        intersectional_audit(errors, cases=cases, sensitive_features=SUBGROUPS)
