"""A value is described by what it is, whatever it looks like."""

import decimal
import enum
import fractions
import json
import math

import numpy as np
import pytest
import torch

from proctor.kernels.results import LONGEST, value_of


class Posing:
    """Looks like a number."""

    def __repr__(self):
        return "2"


class Mute:
    """Has no text."""

    def __repr__(self):
        raise ValueError


class Derived(float):
    """A float, and more."""


class Level(enum.IntEnum):
    """Whole numbers with names."""

    TWO = 2


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (2, 2.0),
        (1e0, 1.0),
        (-0.0, 0.0),
        (-1, -1.0),
        (10**400, math.inf),
        (-(10**400), -math.inf),
        (math.inf, math.inf),
    ],
)
def test_plain_numbers(value, number):
    found = value_of(value)
    assert found["number"] == number
    assert type(found["number"]) is float


def test_nan_is_a_plain_number_too():
    assert math.isnan(value_of(math.nan)["number"])


@pytest.mark.parametrize(
    ("value", "kind", "text", "word"),
    [
        (True, "bool", "True", "assert"),
        ("3", "str", "'3'", "quotes"),
        (b"3", "bytes", "b'3'", "quotes"),
        (np.float64(0), "numpy.float64", "np.float64(0.0)", "float(...)"),
        (np.int64(2), "numpy.int64", "np.int64(2)", "float(...)"),
        (np.bool_(True), "numpy.bool", "np.True_", "float(...)"),
        (np.ones(1), "numpy.ndarray", "array([1.])", "float(...)"),
        (torch.tensor(3), "torch.Tensor", "tensor(3)", "float(...)"),
        (decimal.Decimal("2"), "decimal.Decimal", "Decimal('2')", "float(...)"),
        (fractions.Fraction(1, 2), "fractions.Fraction", "Fraction(1, 2)", "float(...)"),
        (Derived(1), f"{__name__}.Derived"[:LONGEST], "1.0", "float(...)"),
        (Level.TWO, f"{__name__}.Level"[:LONGEST], "<Level.TWO: 2>", "float(...)"),
        (Posing(), f"{__name__}.Posing"[:LONGEST], "2", "assert"),
        (Mute(), f"{__name__}.Mute"[:LONGEST], "<Mute>", "assert"),
        ([3], "list", "[3]", "assert"),
        (1j, "complex", "1j", "assert"),
    ],
)
def test_everything_else(value, kind, text, word):
    found = value_of(value)
    assert (found["number"], found["type"], found["text"]) == (None, kind, text)
    assert word in found["advice"]


def test_it_crosses_between_processes():
    for value in ("\ud800" * 999, 10**5000, math.nan, [list(range(10**5))], "a\n\n  b"):
        found = json.loads(json.dumps(value_of(value)))
        assert len(found["text"]) <= LONGEST
        assert "\n" not in found["text"]
