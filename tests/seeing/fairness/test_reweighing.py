"""Reweighing against aif360, by hand, and by what the weights are for."""

import numpy as np
import pandas as pd
import pytest
import torch
from aif360.sklearn.preprocessing import Reweighing

from seeing.fairness.reweighing import reweighing


def test_by_hand():
    """Group a has 3 rows, 1 positive; b has 1 row, positive: a+ gets 3/4 * 2/4 / (1/4) = 1.5."""
    weights = reweighing([1, 0, 0, 1], sensitive_features=["a", "a", "a", "b"])
    assert weights.tolist() == [1.5, 0.75, 0.75, 0.5]


@pytest.mark.parametrize("seed", range(8))
def test_equal_aif360_and_makes_base_rates_equal(seed):
    random = np.random.default_rng(seed)
    rows, groups, labels = 300, 2 + seed % 3, 2 + seed % 2
    group, label = random.integers(0, groups, rows), random.integers(0, labels, rows)
    weight = random.random(rows) if seed % 2 else None
    found = reweighing(label, sensitive_features=group, sample_weight=weight)
    table = pd.DataFrame({"x": np.zeros(rows)}, index=pd.Index(group, name="group"))
    _, theirs = Reweighing("group").fit_transform(
        table, pd.Series(label, index=table.index), sample_weight=None if weight is None else weight
    )
    assert found == pytest.approx(np.asarray(theirs))
    assert found.sum() == pytest.approx(rows if weight is None else weight.sum())
    for value in range(labels):
        rates = [np.average(label == value, weights=found * (group == g)) for g in range(groups)]
        assert rates == pytest.approx([rates[0]] * groups)


def test_intersections_and_types():
    sex, age = ["f", "f", "m", "m", "f", "m"], [1, 2, 1, 2, 1, 2]
    label = [0, 1, 1, 0, 1, 1]
    both = reweighing(label, sensitive_features={"sex": sex, "age": age})
    joined = reweighing(label, sensitive_features=[f"{s}{a}" for s, a in zip(sex, age, strict=True)])
    assert both.tolist() == joined.tolist()
    assert (
        reweighing(pd.Series(label), sensitive_features=pd.DataFrame({"sex": sex, "age": age})).tolist()
        == both.tolist()
    )
    tensor = reweighing(torch.tensor(label), sensitive_features=sex)
    assert isinstance(tensor, torch.Tensor)
    assert tensor.dtype == torch.float64
    words = reweighing(["no", "yes", "yes", "no", "yes", "yes"], sensitive_features=sex)
    assert words.tolist() == tensor.tolist()


def test_weights_of_zero_and_cells_that_are_empty():
    found = reweighing([1, 0, 1, 0], sensitive_features=["a", "a", "b", "b"], sample_weight=[0, 1, 1, 1])
    assert found.tolist() == pytest.approx([0, 2 / 3, 2 / 3, 4 / 3])
    # Group b has no negative row that could be given weight.
    assert reweighing([1, 0, 1], sensitive_features=["a", "a", "b"]).tolist() == pytest.approx([4 / 3, 2 / 3, 2 / 3])
    assert reweighing([1], sensitive_features=["a"]).tolist() == [1]


@pytest.mark.parametrize(
    ("label", "group", "weight", "message"),
    [
        ([], [], None, "at least one row"),
        ([1, 0], ["a"], None, "y_true 2, sensitive_features 1"),
        ([1, np.nan], ["a", "b"], None, "y_true holds a missing value"),
        ([1, 0], ["a", None], None, "missing value"),
        ([1, 0], ["a", "b"], [1, -1], "at least 0; got -1"),
        ([1, 0], ["a", "b"], [0, 0], "must not be 0 in every row"),
        ([1, 0], ["a", "b"], [1], "got lengths"),
    ],
)
def test_bad_input(label, group, weight, message):
    with pytest.raises(ValueError, match=message):
        reweighing(label, sensitive_features=group, sample_weight=weight)
