"""The parity metrics against fairlearn and aif360, by hand, and on groups of one class."""

import inspect
import pickle

import aif360.sklearn.metrics as aif360
import fairlearn.metrics
import numpy as np
import pandas as pd
import pytest
import torch
from aif360.datasets import BinaryLabelDataset
from aif360.metrics import ClassificationMetric

from seeing.fairness import group_metrics, parity
from tests.seeing.fairness.group_cases import decisions

SHARED = [
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "equal_opportunity_difference",
    "equal_opportunity_ratio",
    "equalized_odds_difference",
    "equalized_odds_ratio",
]
OTHERS = ["average_absolute_odds_difference", "predictive_parity_difference", "predictive_parity_ratio"]

# Group a: TN 3, FP 1, FN 1, TP 3.  b: TN 1, FP 1, FN 0, TP 2.  c: TN 2, FP 0, FN 1, TP 1.
Y = [0] * 4 + [1] * 4 + [0] * 2 + [1] * 2 + [0] * 2 + [1] * 2
D = [0, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1]
A = ["a"] * 8 + ["b"] * 4 + ["c"] * 4


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("demographic_parity_difference", 3 / 4 - 1 / 4),
        ("demographic_parity_ratio", 1 / 3),
        ("equal_opportunity_difference", 1 - 1 / 2),
        ("equal_opportunity_ratio", 1 / 2),
        ("equalized_odds_difference", 1 / 2),
        ("equalized_odds_ratio", 0),
        ("average_absolute_odds_difference", 1 / 2),
        ("predictive_parity_difference", 1 - 2 / 3),
        ("predictive_parity_ratio", 2 / 3),
    ],
)
def test_three_groups_by_hand(name, wanted):
    assert getattr(parity, name)(Y, D, sensitive_features=A) == pytest.approx(wanted, abs=1e-15)


def test_equalized_odds_is_the_larger_gap_and_the_average_the_mean():
    label, decision = [0, 0, 1, 1, 0, 0, 1, 1], [0, 0, 0, 1, 0, 0, 1, 1]  # FPR 0 and 0, TPR 1/2 and 1
    group = [0] * 4 + [1] * 4
    assert parity.equalized_odds_difference(label, decision, sensitive_features=group) == 0.5
    assert parity.average_absolute_odds_difference(label, decision, sensitive_features=group) == 0.25
    assert parity.equalized_odds_ratio(label, decision, sensitive_features=group) == 0.5


@pytest.mark.parametrize("name", SHARED)
@pytest.mark.parametrize("method", ["between_groups", "to_overall"])
@pytest.mark.parametrize("seed", range(3))
def test_equal_fairlearn(name, method, seed):
    label, decision, group, weight = decisions(seed, groups=2 + seed)
    for weights in (None, weight):
        ours = getattr(parity, name)(label, decision, sensitive_features=group, sample_weight=weights, method=method)
        theirs = getattr(fairlearn.metrics, name)(
            label, decision, sensitive_features=group, sample_weight=weights, method=method
        )
        assert isinstance(ours, float)
        assert ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("method", ["between_groups", "to_overall"])
def test_the_mean_and_the_predictive_value_equal_fairlearn_s_frame(method):
    label, decision, group, _ = decisions(3)
    mean = fairlearn.metrics.equalized_odds_difference(
        label, decision, sensitive_features=group, method=method, agg="mean"
    )
    ours = parity.average_absolute_odds_difference(label, decision, sensitive_features=group, method=method)
    assert ours == pytest.approx(mean, abs=1e-12)
    frame = fairlearn.metrics.MetricFrame(
        metrics=lambda y, d: y[d == 1].mean(), y_true=label, y_pred=decision, sensitive_features=group
    )
    for kind in ("difference", "ratio"):
        ours = getattr(parity, f"predictive_parity_{kind}")(label, decision, sensitive_features=group, method=method)
        assert ours == pytest.approx(getattr(frame, kind)(method=method), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_equal_aif360_on_two_groups(seed):
    label, decision, group, _ = decisions(seed, groups=2)
    index = pd.Index(group, name="group")
    series = pd.Series(label, index=index), pd.Series(decision, index=index)
    sides = {"prot_attr": "group", "priv_group": 1}
    parity_gap = aif360.statistical_parity_difference(*series, **sides)
    ours = parity.demographic_parity_difference(label, decision, sensitive_features=group)
    assert ours == pytest.approx(abs(parity_gap), abs=1e-12)
    ours = parity.average_absolute_odds_difference(label, decision, sensitive_features=group)
    assert ours == pytest.approx(aif360.average_odds_error(*series, **sides), abs=1e-12)


@pytest.mark.parametrize("name", SHARED + OTHERS)
def test_ideal_values_when_every_group_is_the_same_and_when_there_is_one(name):
    label, decision, _, _ = decisions(0)
    ideal = 1.0 if name.endswith("ratio") else 0.0
    metric = getattr(parity, name)
    group = np.repeat(["x", "y", "z"], len(label))
    assert metric(np.tile(label, 3), np.tile(decision, 3), sensitive_features=group) == ideal
    assert metric(label, decision, sensitive_features=["all"] * len(label)) == ideal


@pytest.mark.parametrize("name", SHARED + OTHERS)
def test_tensors_series_words_and_the_order_of_the_rows(name):
    label, decision, group, weight = decisions(1)
    metric = getattr(parity, name)
    wanted = metric(label, decision, sensitive_features=group, sample_weight=weight)
    tensors = [torch.from_numpy(part) for part in (label, decision, group, weight)]
    assert metric(*tensors[:2], sensitive_features=tensors[2], sample_weight=tensors[3]) == wanted
    words = pd.Series([f"group {value}" for value in group], index=group)
    assert metric(label, pd.Series(decision), sensitive_features=words, sample_weight=weight) == wanted
    order = np.random.default_rng(0).permutation(len(label))
    shuffled = metric(label[order], decision[order], sensitive_features=group[order], sample_weight=weight[order])
    assert shuffled == pytest.approx(wanted, abs=1e-12)


def test_whole_weights_equal_repeated_rows():
    label, decision, group, _ = decisions(2)
    weight = np.random.default_rng(2).integers(1, 4, len(label))
    repeated = [np.repeat(part, weight) for part in (label, decision, group)]
    for name in SHARED + OTHERS:
        metric = getattr(parity, name)
        wanted = metric(*repeated[:2], sensitive_features=repeated[2])
        assert metric(label, decision, sensitive_features=group, sample_weight=weight) == pytest.approx(
            wanted, abs=1e-12
        )


def test_rates_that_are_all_0_are_equal():
    label, group = [0, 1, 0, 1], [0, 0, 1, 1]
    for name in SHARED[:6]:
        ideal = 1.0 if name.endswith("ratio") else 0.0
        for method in ("between_groups", "to_overall"):
            assert getattr(parity, name)(label, [0] * 4, sensitive_features=group, method=method) == ideal
    assert parity.equalized_odds_ratio(label, label, sensitive_features=group) == 1


@pytest.mark.parametrize(
    ("name", "label", "decision", "message"),
    [
        ("equal_opportunity_difference", [0, 1, 0, 0], [0, 1, 1, 0], "true_positive_rate of group 1 .*y_true = 1"),
        ("equalized_odds_difference", [0, 1, 0, 0], [0, 1, 1, 0], "true_positive_rate of group 1 rests on 0 rows"),
        ("equalized_odds_ratio", [0, 1, 1, 1], [0, 1, 1, 0], "false_positive_rate of group 1 .*y_true = 0"),
        ("predictive_parity_ratio", [0, 1, 1, 1], [0, 1, 0, 0], "predictive_value of group 1 .*y_pred = 1"),
    ],
)
def test_a_group_of_one_class_is_refused(name, label, decision, message):
    with pytest.raises(ValueError, match=message):
        getattr(parity, name)(label, decision, sensitive_features=[0, 0, 1, 1])
    assert parity.demographic_parity_difference(label, decision, sensitive_features=[0, 0, 1, 1]) >= 0


def test_of_a_group_without_negatives_each_library_says_what_the_page_says():
    label, decision, group = [1, 1, 0, 1], [1, 1, 1, 1], ["a", "a", "b", "b"]  # of b's one negative all are accepted
    frame = fairlearn.metrics.MetricFrame(
        metrics=fairlearn.metrics.false_positive_rate, y_true=label, y_pred=decision, sensitive_features=group
    )
    assert frame.by_group.tolist() == [0, 1]
    assert fairlearn.metrics.equalized_odds_difference(label, decision, sensitive_features=group) == 1

    table = pd.DataFrame({"label": label, "group": [0, 0, 1, 1]}, dtype=float)
    truth = BinaryLabelDataset(df=table, label_names=["label"], protected_attribute_names=["group"])
    found = truth.copy()
    found.labels = np.array(decision, float)[:, None]
    with np.errstate(invalid="ignore"):
        theirs = ClassificationMetric(truth, found, [{"group": 0}], [{"group": 1}])
        assert np.isnan(theirs.false_positive_rate(privileged=False))
        assert theirs.false_positive_rate(privileged=True) == 1
        assert np.isnan(theirs.equalized_odds_difference())

    ours = group_metrics(label, decision, sensitive_features=group)
    np.testing.assert_array_equal(ours.rates["false_positive_rate"], [np.nan, 1])
    assert np.isnan(ours.odds["equalized_odds_difference"])
    with pytest.raises(ValueError, match="false_positive_rate of group 'a' rests on 0 rows with y_true = 0"):
        parity.equalized_odds_difference(label, decision, sensitive_features=group)


def test_a_group_without_weight_and_one_under_the_minimum_are_refused():
    with pytest.raises(ValueError, match="selection_rate of group 'c' rests on 0 rows"):
        parity.demographic_parity_difference(Y, D, sensitive_features=A, sample_weight=[1] * 12 + [0] * 4)
    assert parity.demographic_parity_difference(Y, D, sensitive_features=A, minimum_n=4) == 0.5
    with pytest.raises(ValueError, match="group 'b' rests on 4 rows; at least 5 are needed"):
        parity.demographic_parity_difference(Y, D, sensitive_features=A, minimum_n=5)


def test_another_method_is_refused():
    with pytest.raises(ValueError, match='method must be "between_groups" or "to_overall"; got \'worst\''):
        parity.demographic_parity_difference(Y, D, sensitive_features=A, method="worst")


@pytest.mark.parametrize("name", SHARED + OTHERS)
def test_a_criterion_is_a_function_like_any_other(name):
    metric = getattr(parity, name)
    assert (metric.__name__, metric.__module__) == (name, parity.__name__)
    assert pickle.loads(pickle.dumps(metric)) is metric
    assert f"def {name}(" in inspect.getsource(metric)
    shown = inspect.signature(metric).parameters
    assert list(shown) == ["y_true", "y_pred", "sensitive_features", "sample_weight", "method", "minimum_n"]
    assert [p.kind for p in shown.values()] == [inspect.Parameter.POSITIONAL_OR_KEYWORD] * 2 + [
        inspect.Parameter.KEYWORD_ONLY
    ] * 4
    text = inspect.getdoc(metric)
    heads = [text.index(f"\n{head}:\n") for head in ("Args", "Returns", "Raises", "Example")]
    assert heads == sorted(heads)
    assert all(f"\n    {argument}: " in text for argument in shown)
    assert f"Ideal value {1 if name.endswith('ratio') else 0}" in text
    assert "is an error" in text
    assert "P(" in text
