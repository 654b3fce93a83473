"""The metrics in one go, and their bootstrap against resampled rows, exact chances and a slow loop over draws."""

from dataclasses import fields

import numpy as np
import pytest

from seeing.fairness.groups import parity
from seeing.fairness.groups.bootstrap import bootstrap_metrics, resample_counts
from seeing.fairness.groups.counts import GroupCounts, group_counts
from seeing.fairness.groups.group_metrics import group_metrics, metrics_of_counts
from seeing.fairness.groups.rates import RATE_NAMES, group_rate
from tests.seeing.fairness.group_cases import decisions


@pytest.mark.parametrize("weighted", [False, True])
def test_all_at_once_equal_one_by_one(weighted):
    label, decision, group, weight = decisions(0)
    weight = weight if weighted else None
    found = group_metrics(label, decision, sensitive_features=group, sample_weight=weight, reference=2)
    counts = group_counts(label, decision, sensitive_features=group, sample_weight=weight)
    for name in RATE_NAMES:
        assert found.rates[name] == pytest.approx(group_rate(counts, name), abs=1e-15)
        assert found.overall[name] == pytest.approx(group_rate(counts.pooled(), name)[0], abs=1e-15)
        assert found.signed_differences[name] == pytest.approx(found.rates[name] - found.rates[name][2])
    criteria = {
        "demographic_parity": "selection_rate",
        "equal_opportunity": "true_positive_rate",
        "predictive_parity": "positive_predictive_value",
    }
    for criterion, name in criteria.items():
        for form, values in (("difference", found.differences), ("ratio", found.ratios)):
            metric = getattr(parity, f"{criterion}_{form}")
            wanted = metric(label, decision, sensitive_features=group, sample_weight=weight)
            assert values[name] == pytest.approx(wanted, abs=1e-15)
    for name, value in found.odds.items():
        wanted = getattr(parity, name)(label, decision, sensitive_features=group, sample_weight=weight)
        assert value == pytest.approx(wanted, abs=1e-15)


def test_what_is_withheld_is_nan_with_every_gap_it_enters():
    counts = GroupCounts.from_table(["a", "b"], [[[50, 50], [3, 4]], [[50, 50], [30, 40]]])
    found = metrics_of_counts(counts, minimum_n=10)
    assert np.isnan(found.rates["true_positive_rate"][0])
    assert np.isnan(found.differences["true_positive_rate"])
    assert np.isnan(found.odds["equalized_odds_difference"])
    assert found.differences["false_positive_rate"] == 0
    intervals = bootstrap_metrics(counts, samples=20, minimum_n=10)
    assert np.isnan(intervals.low.rates["true_positive_rate"]).tolist() == [True, False]
    assert np.isnan(intervals.high.differences["true_positive_rate"])


def test_the_draws_have_the_mean_and_covariance_of_resampled_rows():
    counts = GroupCounts.from_table(["a", "b"], [[[5, 1], [0, 4]], [[10, 2], [3, 5]]])
    draws = resample_counts(counts, 40_000, np.random.default_rng(0)).reshape(-1, 8)
    assert (draws.sum(1) == 30).all()
    share = counts.table.ravel() / 30
    assert draws.mean(0) == pytest.approx(30 * share, abs=0.06)
    assert np.cov(draws.T) == pytest.approx(30 * (np.diag(share) - np.outer(share, share)), abs=0.2)
    assert not draws[:, 2].any()


def test_the_intervals_are_the_quantiles_of_a_slow_loop_over_the_draws():
    counts = GroupCounts.from_table(["a", "b", "c"], [[[2, 1], [1, 2]], [[9, 2], [3, 5]], [[9, 9], [5, 6]]])
    found = bootstrap_metrics(counts, samples=300, confidence=0.8, seed=7, reference="b")
    tables = resample_counts(counts, 300, np.random.default_rng(7))
    draws = [metrics_of_counts(GroupCounts.from_table(counts.groups, table), "b") for table in tables]
    for field in fields(found.low):
        if field.name == "groups":
            continue
        for name, low in getattr(found.low, field.name).items():
            values = np.stack([getattr(draw, field.name)[name] for draw in draws])
            wanted = np.nanquantile(values, [0.1, 0.9], axis=0)
            assert low == pytest.approx(wanted[0], abs=1e-12, nan_ok=True)
            assert getattr(found.high, field.name)[name] == pytest.approx(wanted[1], abs=1e-12, nan_ok=True)
    assert any(np.isnan(draw.rates["true_positive_rate"]).any() for draw in draws)  # the case was worth testing


def by_rows(label, decision, group, weight, samples):
    """95% intervals of three numbers, each row drawn again."""
    random = np.random.default_rng(1)
    values = []
    for _ in range(samples):
        rows = random.integers(0, len(label), len(label))
        part = [None if column is None else column[rows] for column in (label, decision, group, weight)]
        found = group_metrics(part[0], part[1], sensitive_features=part[2], sample_weight=part[3])
        values.append(three(found))
    return np.quantile(values, [0.025, 0.975], axis=0)


def three(metrics):
    return [
        metrics.rates["false_positive_rate"][1],
        metrics.signed_differences["selection_rate"][1],
        metrics.odds["equalized_odds_difference"],
    ]


@pytest.mark.parametrize("weighted", [False, True])
def test_equals_the_bootstrap_of_the_rows(weighted):
    label, decision, group, weight = decisions(5, rows=800, groups=2)
    weight = weight**3 if weighted else None  # very uneven
    counts = group_counts(label, decision, sensitive_features=group, sample_weight=weight)
    found = bootstrap_metrics(counts, samples=10_000)
    low, high = by_rows(label, decision, group, weight, 1500)
    width = high - low
    assert np.abs(np.array(three(found.low)) - low).max() < 0.08 * width.max()
    assert np.abs(np.array(three(found.high)) - high).max() < 0.08 * width.max()


def test_equal_weights_change_nothing():
    label, decision, group, _ = decisions(4)
    plain = bootstrap_metrics(group_counts(label, decision, sensitive_features=group))
    weights = np.full(len(label), 0.1)
    scaled = bootstrap_metrics(group_counts(label, decision, sensitive_features=group, sample_weight=weights))
    for name in RATE_NAMES:
        assert scaled.low.rates[name] == pytest.approx(plain.low.rates[name], abs=1e-12)
        assert scaled.high.differences[name] == pytest.approx(plain.high.differences[name], abs=1e-12)


def test_covers_the_true_gap_about_as_often_as_it_says():
    """Two groups of selection rates .5 and .3: 95% intervals of 100 samples."""
    random = np.random.default_rng(0)
    covered = 0
    for seed in range(100):
        group = np.repeat([0, 1], 300)
        decision = random.random(600) < np.array([0.3, 0.5])[group]
        counts = group_counts(random.random(600) < 0.5, decision, sensitive_features=group)
        found = bootstrap_metrics(counts, samples=300, seed=seed)
        covered += (
            found.low.signed_differences["selection_rate"][1]
            <= 0.2
            <= found.high.signed_differences["selection_rate"][1]
        )
    assert 88 <= covered <= 100


def test_a_seed_gives_the_same_interval_and_one_row_one_of_no_width():
    counts = group_counts(*decisions(0)[:2], sensitive_features=decisions(0)[2])
    first, again, other = (bootstrap_metrics(counts, samples=50, seed=seed) for seed in (1, 1, 2))
    name = "selection_rate"
    assert first.low.rates[name].tolist() == again.low.rates[name].tolist()
    assert first.low.rates[name].tolist() != other.low.rates[name].tolist()
    one = bootstrap_metrics(group_counts([1], [1], sensitive_features=["a"]), samples=10)
    assert one.low.rates["accuracy"].tolist() == one.high.rates["accuracy"].tolist() == [1]
    assert np.isnan(one.low.rates["false_positive_rate"][0])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"samples": 0}, "samples must be at least 1"),
        ({"confidence": 1.0}, r"confidence in \(0, 1\); got 1000 and 1.0"),
        ({"reference": "z"}, "no group 'z'"),
        ({"minimum_n": 0}, "minimum_n must be at least 1"),
    ],
)
def test_bad_input_is_refused(changed, message):
    counts = GroupCounts.from_table(["a"], [[[1, 2], [3, 4]]])
    with pytest.raises(ValueError, match=message):
        bootstrap_metrics(counts, **changed)
    with pytest.raises(ValueError, match="at least one row"):
        bootstrap_metrics(GroupCounts.from_table(["a"], np.zeros((1, 2, 2))))
