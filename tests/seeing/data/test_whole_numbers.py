"""Numbers in the notations of files."""

import math

import numpy as np
import pytest

from seeing.data.whole_numbers import as_decimal, as_whole


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (9, 9),
        (0, 0),
        (-3, -3),
        (9.0, 9),
        (1e15, 10**15),
        (10**30, 10**30),
        ("9", 9),
        ("000000397133", 397133),
        (" 9 ", 9),
        ("-1", -1),
        (np.int64(9), 9),
        (np.float32(9), 9),
    ],
)
def test_a_whole_number_in_any_notation(value, number):
    assert as_whole(value) == number
    assert type(as_whole(value)) is int


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        np.True_,
        9.5,
        float("nan"),
        float("inf"),
        "9.0",
        "nine",
        "",
        "9a",
        "1_0",
        "٣",
        "9" * 19,
        None,
        [9],
        {},
    ],
)
def test_what_is_none(value):
    assert as_whole(value) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("14", 14), (" 14.5 ", 14.5), ("-3", -3), ("+.5", 0.5), ("1.", 1), ("1e-3", 0.001), ("2E2", 200)],
)
def test_a_decimal(text, number):
    assert as_decimal(text) == number


@pytest.mark.parametrize(
    "text", ["", "1_0", "１４", "nan", "inf", "-Infinity", "0x10", "14,5", "14px", "1e", ".", "1 4"]
)
def test_what_is_no_decimal(text):
    assert math.isnan(as_decimal(text))
