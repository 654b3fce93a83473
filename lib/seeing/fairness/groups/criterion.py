"""What every group criterion is called with, written once: a criterion only says which rates it compares, and how."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from seeing.fairness.groups.counts import GroupCounts, group_counts
from seeing.fairness.groups.disparity import Method, rate_difference, rate_ratio
from seeing.fairness.groups.groups import SensitiveFeatures
from seeing.fairness.groups.rates import RateName
from seeing.fairness.inputs import Values

ARGUMENTS = """Args:
    y_true: (N,) labels 0 and 1, or bool.
    y_pred: (N,) decisions 0 and 1, or bool; arrays, Series, sequences, or tensors of any device.
    sensitive_features: (N,), or several columns, whose intersections are then the groups; see `find_groups`.
    sample_weight: (N,) finite weights >= 0; None counts every row once.
    method: "between_groups", or "to_overall", which compares each group with everybody.
    minimum_n: how many rows the rates of every group must rest on.

"""
RAISES = """Raises:
    ValueError: as `group_counts`, for another method, or if a group's rate rests on fewer rows than `minimum_n`.

"""


class Criterion(Protocol):
    """How a group criterion is called."""

    __name__: str

    def __call__(
        self,
        y_true: Values,
        y_pred: Values,
        *,
        sensitive_features: SensitiveFeatures,
        sample_weight: Values | None = None,
        method: Method = "between_groups",
        minimum_n: int = 1,
    ) -> float: ...


@dataclass(frozen=True)
class ComparedRates:
    """The rates of groups, compared in one way.

    Attributes:
        counts: of the groups.
        method: as in `rate_difference`.
        minimum_n: how many rows each group's rate must rest on.
    """

    counts: GroupCounts
    method: Method
    minimum_n: int

    def difference(self, name: RateName) -> float:
        """`rate_difference` of this rate."""
        return rate_difference(self.counts, name, self.method, self.minimum_n)

    def ratio(self, name: RateName) -> float:
        """`rate_ratio` of this rate."""
        return rate_ratio(self.counts, name, self.method, self.minimum_n)


def criterion(compare: Callable[[ComparedRates], float]) -> Criterion:
    """A group criterion of labels and decisions, made of what is compared.

    The criterion has the name of `compare`, and its docstring with `ARGUMENTS` and `RAISES` in their places.
    """

    @functools.wraps(compare, assigned=("__module__", "__name__", "__qualname__"))
    def measure(
        y_true: Values,
        y_pred: Values,
        *,
        sensitive_features: SensitiveFeatures,
        sample_weight: Values | None = None,
        method: Method = "between_groups",
        minimum_n: int = 1,
    ) -> float:
        counts = group_counts(y_true, y_pred, sensitive_features=sensitive_features, sample_weight=sample_weight)
        return compare(ComparedRates(counts, method, minimum_n))

    text = (inspect.getdoc(compare) or "").replace("Returns:", f"{ARGUMENTS}Returns:")
    measure.__doc__ = text.replace("Example:", f"{RAISES}Example:")
    # `help` and editors would show the signature of what is wrapped
    vars(measure)["__signature__"] = inspect.signature(measure, follow_wrapped=False)
    return measure
