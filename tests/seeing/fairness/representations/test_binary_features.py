"""Tables as zeros and ones, by hand and against pandas."""

import numpy as np
import pandas as pd
import pytest

from seeing.fairness.representations.binary_features import binary_features


def test_by_hand():
    table = {"age": [1, 2, 3, 4], "colour": ["red", "blue", "red", "red"]}
    x, names = binary_features(table, bins=2)
    assert names == ["age<=2.5", "age<=4.0", "colour=blue", "colour=red"]
    assert x.dtype == np.float32
    assert x.tolist() == [[1, 0, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [0, 1, 0, 1]]


def test_equals_pandas():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.normal(size=101), "b": random.poisson(1, 101), "c": random.choice([*"xyz"], 101)})
    x, names = binary_features(frame)
    cut = [pd.get_dummies(pd.qcut(frame[name], 5, duplicates="drop")) for name in "ab"]
    wanted = np.column_stack([*cut, pd.get_dummies(frame["c"])])
    assert len(names) == x.shape[1]
    np.testing.assert_array_equal(x, wanted)


def test_bins_and_words_come_from_the_reference():
    reference = {"n": [0.0, 10.0], "w": ["a", "b"], "extra": [1, 1]}
    x, names = binary_features({"n": [-5, 5, 99], "w": ["a", "new", "b"]}, reference=reference, bins=2)
    assert names == ["n<=5.0", "n<=10.0", "w=a", "w=b"]
    assert x.tolist() == [[1, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 1]]


def test_equal_numbers_give_one_bin_and_columns_can_be_dropped():
    x, names = binary_features({"n": [3, 3], "y": [0, 1]}, drop=["y"])
    assert names == ["n<=3.0"]
    assert x.tolist() == [[1], [1]]


def test_bad_input_is_refused_with_what_came():
    with pytest.raises(ValueError, match=r"unknown \['b'\]"):
        binary_features({"a": [1]}, drop=["b"])
    with pytest.raises(ValueError, match=r"unknown \['a'\]"):
        binary_features({"a": [1]}, reference={"b": [1]})
    with pytest.raises(ValueError, match="got bins 0"):
        binary_features({"a": [1]}, bins=0)
    with pytest.raises(ValueError, match="0 columns"):
        binary_features({"a": [1]}, drop=["a"])
    with pytest.raises(ValueError, match="a must hold finite numbers"):
        binary_features({"a": [1.0, np.nan]})
    with pytest.raises(ValueError, match="a must hold finite numbers"):
        binary_features({"a": [1.0]}, reference={"a": ["word"]})
