"""The nine rates against slow loops in fractions and fairlearn, and where a denominator is empty or small."""

import fairlearn.metrics
import numpy as np
import pytest

from seeing.fairness.groups.counts import GroupCounts, group_counts
from seeing.fairness.groups.rates import RATE_NAMES, group_rate, group_rates, required_rate
from tests.reference import group_metrics as reference
from tests.seeing.fairness.group_cases import decisions

THEIRS = ["selection_rate", "true_positive_rate", "false_positive_rate", "true_negative_rate", "false_negative_rate"]


def test_by_hand():
    """TN 1, FP 2, FN 3, TP 4."""
    rates = group_rates(GroupCounts.from_table(["a"], [[[1, 2], [3, 4]]]))
    assert {name: values.tolist() for name, values in rates.items()} == {
        "selection_rate": [6 / 10],
        "true_positive_rate": [4 / 7],
        "false_positive_rate": [2 / 3],
        "true_negative_rate": [1 / 3],
        "false_negative_rate": [3 / 7],
        "positive_predictive_value": [4 / 6],
        "negative_predictive_value": [1 / 4],
        "accuracy": [5 / 10],
        "base_rate": [7 / 10],
    }


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("weighted", [False, True])
def test_equal_the_slow_loops(seed, weighted):
    label, decision, group, weight = decisions(seed, groups=1 + seed)
    weight = weight if weighted else None
    counts = group_counts(label, decision, sensitive_features=group, sample_weight=weight)
    for name, rates in group_rates(counts).items():
        wanted = reference.rates(name, label.tolist(), decision.tolist(), group.tolist(), weight)
        assert dict(zip(counts.groups, rates.tolist(), strict=True)) == pytest.approx(wanted, abs=1e-14)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", THEIRS)
def test_equal_fairlearn(seed, name):
    label, decision, group, weight = decisions(seed)
    frame = fairlearn.metrics.MetricFrame(
        metrics=getattr(fairlearn.metrics, name),
        y_true=label,
        y_pred=decision,
        sensitive_features=group,
        sample_params={"sample_weight": weight},
    )
    counts = group_counts(label, decision, sensitive_features=group, sample_weight=weight)
    assert group_rate(counts, name) == pytest.approx(frame.by_group.to_numpy(), abs=1e-12)
    assert group_rate(counts.pooled(), name)[0] == pytest.approx(frame.overall, abs=1e-12)


EMPTY = {
    "selection_rate": [[0, 0], [0, 0]],
    "true_positive_rate": [[3, 2], [0, 0]],
    "false_positive_rate": [[0, 0], [3, 2]],
    "true_negative_rate": [[0, 0], [3, 2]],
    "false_negative_rate": [[3, 2], [0, 0]],
    "positive_predictive_value": [[3, 0], [2, 0]],
    "negative_predictive_value": [[0, 3], [0, 2]],
    "accuracy": [[0, 0], [0, 0]],
    "base_rate": [[0, 0], [0, 0]],
}


@pytest.mark.parametrize("name", RATE_NAMES)
def test_an_empty_denominator_gives_nan_or_is_refused_where_a_number_is_needed(name):
    counts = GroupCounts.from_table(["full", "thin"], [[[1, 2], [3, 4]], EMPTY[name]])
    rates = group_rate(counts, name)
    assert not np.isnan(rates[0])
    assert np.isnan(rates[1])
    with pytest.raises(ValueError, match=f"the {name} of group 'thin' rests on 0 rows.*at least 1 are needed"):
        required_rate(counts, name)


def test_the_minimum_looks_at_the_rows_of_the_denominator_not_at_the_group():
    counts = GroupCounts.from_table(["a"], [[[50, 40], [3, 4]]])  # 90 negatives, 7 positives
    assert group_rate(counts, "true_positive_rate", 7)[0] == 4 / 7
    assert np.isnan(group_rate(counts, "true_positive_rate", 8)[0])
    assert group_rate(counts, "false_positive_rate", 90)[0] == 40 / 90
    assert np.isnan(group_rates(counts, 91)["false_positive_rate"][0])
    with pytest.raises(ValueError, match=r"rests on 7 rows with y_true = 1; at least 8 are needed\. Merge"):
        required_rate(counts, "true_positive_rate", 8)


def test_the_minimum_counts_rows_not_weights():
    counts = group_counts([1, 1, 0], [1, 0, 0], sensitive_features=[0, 0, 0], sample_weight=[100.0, 0, 100.0])
    assert group_rate(counts, "true_positive_rate", 1)[0] == 1
    assert np.isnan(group_rate(counts, "true_positive_rate", 2)[0])


def test_bad_arguments_are_refused():
    counts = GroupCounts.from_table(["a"], [[[1, 2], [3, 4]]])
    with pytest.raises(ValueError, match=r"the rate must be one of selection_rate, .*; got 'tpr'"):
        group_rate(counts, "tpr")
    with pytest.raises(ValueError, match="minimum_n must be at least 1; got 0"):
        group_rate(counts, "accuracy", 0)
