"""A rule that says yes with a probability that depends on score and group: applied to people, and graded exactly."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from seeing.fairness.groups.groups import SensitiveFeatures, find_groups
from seeing.fairness.inputs import Values, check_lengths, numbers
from seeing.fairness.thresholds.randomisation import uniform_draws
from seeing.fairness.thresholds.score_counts import GroupScores, check_costs, finite_scores


@dataclass(frozen=True)
class AcceptanceSteps:
    """The probability of a yes in one group, as a step function of the score.

    Attributes:
        thresholds: K >= 0 scores, rising.
        acceptance: K + 1 probabilities: of a score under the first threshold, from the first to under the second, ...
            A score equal to a threshold is above it. Without thresholds there is one probability for everybody.
    """

    thresholds: tuple[float, ...]
    acceptance: tuple[float, ...]

    @classmethod
    def from_mixture(cls, thresholds: Values, weights: Values) -> AcceptanceSteps:
        """The rule that draws one of several thresholds and says yes if the score is at least that.

        Args:
            thresholds: M numbers; infinity accepts nobody, -infinity everybody.
            weights: M probabilities >= 0 of drawing each; they sum to 1.
        """
        scores, shares = numbers(thresholds, "thresholds"), numbers(weights, "weights")
        drawn = {score: float(shares[scores == score].sum()) for score in np.unique(scores[shares > 0]).tolist()}
        steps = [score for score in drawn if np.isfinite(score)]
        top = 1 - drawn.get(np.inf, 0.0)
        acceptance = np.cumsum([drawn.get(-np.inf, 0.0), *(drawn[score] for score in steps)])
        # The sum of all weights but infinity's is known without rounding errors.
        acceptance = np.minimum(acceptance, top)
        acceptance[-1] = top
        return cls(tuple(steps), tuple(acceptance.tolist()))

    def __call__(self, scores: np.ndarray) -> np.ndarray:
        """(N,) probabilities of a yes for (N,) scores."""
        scores = numbers(scores, "scores")
        return np.array(self.acceptance)[np.searchsorted(self.thresholds, scores, side="right")]


@dataclass(frozen=True, eq=False)
class ExpectedRates:
    """What a rule does on average over its coins: nothing here is sampled.

    Attributes:
        groups: G names.
        table: (G, 2, 2) float64, [group, label, answer]: expected people, [[TN, FP], [FN, TP]] for each group.
    """

    groups: tuple[Hashable, ...]
    table: np.ndarray

    @property
    def fpr(self) -> np.ndarray:
        """(G,) P(yes | y = 0, group); NaN where nobody has label 0."""
        return _ratio(self.table[:, 0, 1], self.table[:, 0].sum(1))

    @property
    def tpr(self) -> np.ndarray:
        """(G,) P(yes | y = 1, group); NaN where nobody has label 1."""
        return _ratio(self.table[:, 1, 1], self.table[:, 1].sum(1))

    @property
    def selection_rate(self) -> np.ndarray:
        """(G,) P(yes | group)."""
        return self.table[:, :, 1].sum(1) / self.table.sum((1, 2))

    @property
    def error(self) -> float:
        """P(answer != y) over all groups; ideally 0."""
        return self.loss(1, 1)

    def loss(self, false_positive_cost: float, false_negative_cost: float) -> float:
        """The expected cost a person: c_fp P(yes, y = 0) + c_fn P(no, y = 1), over all groups.

        Raises:
            ValueError: if a cost is negative or not finite, or both are 0.
        """
        check_costs(false_positive_cost, false_negative_cost)
        (_, wrong_yes), (wrong_no, _) = self.table.sum(0) / self.table.sum()
        return float(false_positive_cost * wrong_yes + false_negative_cost * wrong_no)

    def profit(self, gain: float, cost: float) -> float:
        """The expected profit a person: gain P(yes, y = 1) - cost P(yes, y = 0), over all groups.

        It is gain P(y = 1) less the loss with c_fp = cost and c_fn = gain: what minimises one maximises the other.
        """
        (_, wrong_yes), (_, right_yes) = self.table.sum(0) / self.table.sum()
        return float(gain * right_yes - cost * wrong_yes)


@dataclass(frozen=True)
class AcceptanceRule:
    """A fitted rule.

    Attributes:
        steps: for each group, the probability of a yes by score.
    """

    steps: Mapping[Hashable, AcceptanceSteps]

    def probabilities(self, scores: Values, *, sensitive_features: SensitiveFeatures) -> np.ndarray:
        """The probability of a yes of each row.

        Args:
            scores: (N,) finite numbers.
            sensitive_features: (N,) or several columns, with the groups of the fit.

        Returns:
            (N,) float64 in [0, 1].

        Raises:
            ValueError: if an input is bad, lengths differ, or a group was not in the fit.
        """
        values, groups = finite_scores(scores), find_groups(sensitive_features)
        check_lengths(scores=len(values), sensitive_features=len(groups.codes))
        result = np.empty(len(values))
        for code, group in enumerate(groups.labels):
            rows = groups.codes == code
            result[rows] = self._of(group)(values[rows])
        return result

    def predict(
        self, scores: Values, *, sensitive_features: SensitiveFeatures, seed: int, ids: Values | None = None
    ) -> np.ndarray | Tensor:
        """One answer for each row, by a coin where the rule is random.

        For a grade take `expected_rates`: one draw of the coins differs from the next.

        Args:
            scores: (N,) finite numbers.
            sensitive_features: (N,) or several columns, with the groups of the fit.
            seed: of the coins.
            ids: (N,) integers or strings that name the people: each gets the same answer in whatever order and with
                whomever they come. None takes the row numbers, so then the order matters.

        Returns:
            (N,) int64, 0 or 1: a tensor on the scores' device if those are one, else an array.

        Raises:
            ValueError: as `probabilities`, or if the ids are bad.
        """
        accept = self.probabilities(scores, sensitive_features=sensitive_features)
        draws = uniform_draws(seed, np.arange(len(accept)) if ids is None else ids)
        check_lengths(scores=len(accept), ids=len(draws))
        answers = (draws < accept).astype(np.int64)
        return torch.from_numpy(answers).to(scores.device) if isinstance(scores, Tensor) else answers

    def expected_rates(self, counts: GroupScores) -> ExpectedRates:
        """Exact expectations over the coins, on the people of the fit or on others.

        Args:
            counts: the scores of each group, such as `count_scores` gives; at least one group.

        Raises:
            ValueError: if there is no group, or one was not in the fit.
        """
        if not counts:
            raise ValueError("at least one group was expected; got none")
        tables = []
        for group, spread in counts.items():
            accept = self._of(group)(spread.scores)
            tables.append([[people @ (1 - accept), people @ accept] for people in (spread.negatives, spread.positives)])
        return ExpectedRates(tuple(counts), np.array(tables))

    def _of(self, group: Hashable) -> AcceptanceSteps:
        if group not in self.steps:
            raise ValueError(f"the rule knows the groups {list(self.steps)}; got {group!r}: fit it with that group")
        return self.steps[group]


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
