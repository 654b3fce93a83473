"""A small table of loans, to see what masking an attribute does and does not do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seeing.data.table import Table

# Group, age, income in thousands a year, years at the address, granted, repaid.
ROWS = (
    ("A", 22, 31, 1, 0, 1),
    ("A", 23, 52, 2, 0, 1),
    ("A", 24, 27, 4, 0, 0),
    ("A", 25, 48, 1, 0, 1),
    ("A", 26, 35, 3, 0, 0),
    ("A", 27, 61, 5, 0, 1),
    ("A", 28, 44, 2, 0, 1),
    ("A", 29, 39, 6, 0, 0),
    ("B", 31, 45, 3, 1, 1),
    ("B", 34, 29, 2, 1, 0),
    ("B", 38, 58, 7, 1, 1),
    ("B", 41, 33, 5, 1, 0),
    ("B", 46, 50, 9, 1, 1),
    ("B", 52, 37, 4, 1, 1),
    ("B", 57, 42, 12, 1, 0),
    ("B", 63, 64, 8, 1, 1),
)


@dataclass(frozen=True, eq=False)
class Loans(Table):
    """One row an applicant.

    Attributes:
        group: "A" or "B": the attribute that may not count.
        age: years, whole.
        income: thousands a year, whole.
        years_at_address: years, whole.
        granted: 1 if the loan was granted, else 0: the decision that a model would learn.
        repaid: 1 if the loan was, or would have been, repaid: what no bank sees of a loan that it refused.
    """

    group: np.ndarray
    age: np.ndarray
    income: np.ndarray
    years_at_address: np.ndarray
    granted: np.ndarray
    repaid: np.ndarray


def loan_example() -> Loans:
    """Sixteen applicants, of whom every A was refused and every B was granted.

    Without the group the decisions look like a rule on age: every A is under 30 and every B is over. So "age < 30"
    decides as the masked column did. Repaying has to do with income rather than the group: five of eight repay in
    both, among them all with an income of 44 or more.

    The numbers are invented, after the lecture's example.
    """
    group, *numbers = zip(*ROWS, strict=True)
    return Loans(np.array(group), *(np.array(column, dtype=np.int64) for column in numbers))
