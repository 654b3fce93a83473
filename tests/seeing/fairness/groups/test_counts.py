"""The count tensor by hand, against scikit-learn, for every kind of input."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.metrics import confusion_matrix

from seeing.fairness.groups.counts import GroupCounts, group_counts
from tests.seeing.fairness.group_cases import decisions

Y, D, A = [0, 0, 1, 1, 1], [0, 1, 1, 0, 1], ["a", "a", "a", "b", "b"]
TABLE = [[[1, 1], [0, 1]], [[0, 0], [1, 1]]]


@pytest.mark.parametrize(
    "convert",
    [
        list,
        np.array,
        lambda values: np.array(values, bool),
        lambda values: np.array(values, float),
        lambda values: np.array(values, object),
        lambda values: pd.Series(values, index=[9, 9, 3, 2, 1]),
        torch.tensor,
        lambda values: torch.tensor(values).bool(),
        lambda values: torch.tensor(values, dtype=torch.bfloat16, requires_grad=True),
    ],
)
def test_by_hand_for_every_kind_of_input(convert):
    counts = group_counts(convert(Y), convert(D), sensitive_features=A)
    assert counts.groups == ("a", "b")
    assert counts.table.tolist() == TABLE
    assert counts.rows.tolist() == TABLE
    assert counts.squares.tolist() == TABLE
    assert counts.sizes.tolist() == [3, 2]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("weighted", [False, True])
def test_equals_scikit_learn_in_every_group(seed, weighted):
    label, decision, group, weight = decisions(seed, groups=1 + seed)
    weight = weight if weighted else None
    counts = group_counts(label, decision, sensitive_features=group, sample_weight=weight)
    for place, name in enumerate(counts.groups):
        rows = group == name
        theirs = confusion_matrix(
            label[rows], decision[rows], labels=[0, 1], sample_weight=weight[rows] if weighted else None
        )
        assert counts.table[place] == pytest.approx(theirs, abs=1e-12)
        assert counts.rows[place].tolist() == confusion_matrix(label[rows], decision[rows], labels=[0, 1]).tolist()


def test_weights_by_hand_and_weights_of_0():
    counts = group_counts(Y, D, sensitive_features=A, sample_weight=[2, 0.5, 0, 0, 0])
    assert counts.table.tolist() == [[[2, 0.5], [0, 0]], [[0, 0], [0, 0]]]
    assert counts.rows.tolist() == [[[1, 1], [0, 0]], [[0, 0], [0, 0]]]
    assert counts.squares.tolist() == [[[4, 0.25], [0, 0]], [[0, 0], [0, 0]]]


def test_one_row():
    counts = group_counts([1], [0], sensitive_features=["only"])
    assert counts.table.tolist() == [[[0, 0], [1, 0]]]


def test_intersections():
    counts = group_counts(Y, D, sensitive_features={"x": A, "y": [1, 1, 2, 1, 1]})
    assert counts.groups == (("a", 1), ("a", 2), ("b", 1))
    assert counts.table.tolist() == [[[1, 1], [0, 0]], [[0, 0], [0, 1]], [[0, 0], [1, 1]]]


def test_pooled_selected_and_large_groups():
    counts = GroupCounts.from_table(["a", "b"], TABLE)
    assert counts.pooled().groups == ("overall",)
    assert counts.pooled().table.tolist() == [[[1, 1], [1, 2]]]
    assert counts.select(["b", "a"]).table.tolist() == TABLE[::-1]
    assert counts.at_least(2).groups == ("a", "b")
    assert counts.at_least(3).groups == ("a",)


def test_the_arguments_are_left_alone():
    label, decision, group, weight = decisions(0)
    copies = [part.copy() for part in (label, decision, group, weight)]
    group_counts(label, decision, sensitive_features=group, sample_weight=weight)
    for part, copy in zip((label, decision, group, weight), copies, strict=True):
        assert np.array_equal(part, copy)


C = GroupCounts.from_table(["a", "b"], TABLE)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: group_counts([], [], sensitive_features=[]), "y_true must be .* at least one row"),
        (lambda: group_counts([0, 2], [0, 1], sensitive_features=A[:2]), "y_true must hold 0 and 1, or bool; got 2"),
        (lambda: group_counts([0, 1], [0, 0.7], sensitive_features=A[:2]), "y_pred .*got 0.7. .*score >= threshold"),
        (lambda: group_counts([0, 1], [0, np.nan], sensitive_features=A[:2]), "y_pred must hold .*got nan"),
        (lambda: group_counts(["no", "yes"], [0, 1], sensitive_features=A[:2]), "y_true .*got 'no'.*label == word"),
        (
            lambda: group_counts(np.array([0, pd.NA], object), [0, 1], sensitive_features=A[:2]),
            "y_true holds a missing value; leave its row out",
        ),
        (lambda: group_counts([0, -1], [0, 1], sensitive_features=A[:2]), "got -1"),
        (lambda: group_counts([[0, 1]], [0, 1], sensitive_features=A[:2]), r"y_true must be \(N,\).*\(1, 2\)"),
        (lambda: group_counts(Y, D[:4], sensitive_features=A), "lengths y_true 5, y_pred 4, sensitive_features 5"),
        (lambda: group_counts(Y, D, sensitive_features=A[:1]), "sensitive_features 1"),
        (lambda: group_counts(Y, D, sensitive_features=A, sample_weight=[1, 1]), "rows 5, sample_weight 2"),
        (lambda: group_counts(Y, D, sensitive_features=A, sample_weight=[1, 1, 1, 1, -2]), "at least 0; got -2.0"),
        (lambda: group_counts(Y, D, sensitive_features=A, sample_weight=[1, 1, np.inf, 1, 1]), "finite .*got inf"),
        (lambda: group_counts(Y, D, sensitive_features=A, sample_weight=[0] * 5), "must not be 0 in every row"),
        (lambda: GroupCounts.from_table(["a"], TABLE), r"\(G, 2, 2\) for G = 1 .*got \(2, 2, 2\)"),
        (lambda: GroupCounts.from_table([], np.zeros((0, 2, 2))), "G = 0 >= 1"),
        (lambda: GroupCounts.from_table(["a", "a"], TABLE), "named once"),
        (lambda: GroupCounts.from_table(["a"], [[[1, 2], [3, 0.5]]]), "whole numbers of at least 0"),
        (lambda: GroupCounts.from_table(["a"], [[[1, 2], [3, -1]]]), "whole numbers of at least 0"),
        (lambda: C.select(["a", "z"]), r"no group 'z'; the groups are \['a', 'b'\]"),
        (lambda: C.select([]), "at least one group"),
        (lambda: C.at_least(4), "no group has 4 rows or more; the largest has 3"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_from_a_gpu():
    label, decision, group, weight = (torch.from_numpy(part) for part in decisions(1))
    ours = group_counts(label.cuda(), decision.cuda(), sensitive_features=group.cuda(), sample_weight=weight.cuda())
    wanted = group_counts(label, decision, sensitive_features=group, sample_weight=weight)
    assert np.array_equal(ours.table, wanted.table)
