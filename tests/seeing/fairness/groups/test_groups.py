"""Group codes against numpy's unique, for every kind of sensitive feature."""

import numpy as np
import pandas as pd
import pytest
import torch

from seeing.fairness.groups.groups import FEW, feature_columns, find_groups

WORDS = ["b", "a", "c", "a", "b"]


@pytest.mark.parametrize(
    ("column", "labels"),
    [
        (WORDS, ("a", "b", "c")),
        (np.array(WORDS), ("a", "b", "c")),
        (np.array(WORDS, object), ("a", "b", "c")),
        (pd.Series(WORDS, index=[5, 5, 1, 0, 2]), ("a", "b", "c")),
        (pd.Series(WORDS, dtype="category"), ("a", "b", "c")),
        ([1, -3, 7, -3, 1], (-3, 1, 7)),
        (np.array([1, 0, 200, 0, 1], np.uint8), (0, 1, 200)),
        (torch.tensor([1, 0, 2, 0, 1]), (0, 1, 2)),
        ([0.5, 0.0, 2.0, 0.0, 0.5], (0.0, 0.5, 2.0)),
        (np.array(WORDS)[:, None], ("a", "b", "c")),
        ({"race": WORDS}, ("a", "b", "c")),
        ([1, "b", 2, "b", 1], None),
    ],
)
def test_labels_are_sorted_and_codes_point_at_them(column, labels):
    groups = find_groups(column)
    assert groups.labels == (labels or ("1", "2", "b"))
    assert groups.codes.tolist() == ([1, 0, 2, 0, 1] if labels else [0, 2, 1, 2, 0])


def test_words_beside_numbers_in_an_object_column():
    groups = find_groups(np.array([1, "b", 2, "b"], object))
    assert groups.labels == (1, 2, "b")
    assert groups.codes.tolist() == [0, 2, 1, 2]


def test_bools():
    groups = find_groups([True, False, True])
    assert groups.labels == (False, True)
    assert groups.codes.tolist() == [1, 0, 1]


@pytest.mark.parametrize("kind", [int, str, object])
@pytest.mark.parametrize("distinct", [1, 2, FEW - 1, FEW, FEW + 1, 200])
def test_equals_unique_for_few_and_many_groups(distinct, kind):
    column = np.random.default_rng(distinct).permutation(np.repeat(np.arange(distinct), 3)).astype(str)
    column = column.astype(int) if kind is int else column.astype(kind)
    groups = find_groups(column)
    labels, codes = np.unique(column, return_inverse=True)
    assert groups.labels == tuple(labels.tolist())
    assert groups.codes.tolist() == codes.tolist()


def test_only_the_intersections_that_occur_are_groups():
    sex, age = ["f", "m", "f", "m", "m"], [30, 20, 20, 20, 30]
    columns = {"sex": sex, "age": age}
    for features in (columns, pd.DataFrame(columns)):
        groups = find_groups(features)
        assert groups.labels == (("f", 20), ("f", 30), ("m", 20), ("m", 30))
        assert groups.codes.tolist() == [1, 2, 0, 2, 3]
    assert find_groups({"sex": sex[:3], "age": age[:3]}).labels == (("f", 20), ("f", 30), ("m", 20))


def test_many_columns_of_many_values_do_not_overflow():
    random = np.random.default_rng(0)
    features = random.integers(0, 1000, (50, 12))
    groups = find_groups(features)
    assert [groups.labels[code] for code in groups.codes] == [tuple(row) for row in features.tolist()]
    assert list(groups.labels) == sorted(groups.labels)


def test_tensor_columns():
    assert find_groups(torch.tensor([[0, 1], [1, 0], [0, 1]])).labels == ((0, 1), (1, 0))
    assert list(feature_columns(torch.zeros(2, 3))) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ([], "sensitive_features must be .* at least one row"),
        ({}, "at least one column; got none"),
        (np.zeros((3, 0)), "at least one column"),
        (np.zeros((3, 2, 2)), r"\(N,\).*got shape \(3, 2, 2\)"),
        ([0.0, np.nan], "sensitive_features holds a missing value; give the rows without one a group of their own"),
        (np.array(["a", None], object), "missing value"),
        (np.array(["a", float("nan")], object), "missing value"),
        (pd.Series(["a", pd.NA], dtype="string"), "missing value"),
        ({"sex": [1, 2], "age": [1.0, np.nan]}, "age holds a missing value"),
        ({"sex": [1, 2], "age": [1, 2, 3]}, "got lengths sex 2, age 3"),
        (np.array([[1], {}, 2], object)[:2], "plain values"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(features, message):
    with pytest.raises(ValueError, match=message):
        find_groups(features)
