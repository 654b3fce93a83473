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


class Criterion(Protocol):
    """How a group criterion is called; `demographic_parity_difference` says what each argument is."""

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

    The criterion has the name and the docstring of `compare`, which describes the arguments of `Criterion`.
    """

    @functools.wraps(compare, assigned=functools.WRAPPER_ASSIGNMENTS[:4])  # all but the annotations
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

    # `help` and editors would show the signature of what is wrapped
    vars(measure)["__signature__"] = inspect.signature(measure, follow_wrapped=False)
    return measure
