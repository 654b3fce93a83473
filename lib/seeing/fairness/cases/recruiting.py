"""A made-up history of hiring whose bias is known, so that a screen learned from it, and a fix, can be judged."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn
from torch.nn import functional as F

from seeing.fairness.inputs import Values, binary, check_lengths, number_column, numbers

TEST_NOISE, REFERENCE_NOISE, IMPRESSION_NOISE = 0.6, 0.8, 0.5
"""Standard deviations, in the unit of skill: of a test, of former employers' words, and of an interview."""


@dataclass(frozen=True, eq=False)
class HiringHistory:
    """Past applicants. What no employer has is here as well: their skill, and what a fair interview had decided.

    Attributes:
        group: (N,) "A" or "B".
        skill: (N,) standard normal, in both groups.
        qualified: (N,) bool, whose skill is in the upper part that is as large as the share of places.
        test: (N,) skill with noise, the same for both groups.
        reference: (N,) as test, with more noise.
        proxy: (N,) 0 or 1, says nothing of skill but something of the group: a club, a school, a first name.
        hired: (N,) bool, what was decided.
        hired_fairly: (N,) bool, what the same interviews had decided without the penalty.
    """

    group: np.ndarray
    skill: np.ndarray
    qualified: np.ndarray
    test: np.ndarray
    reference: np.ndarray
    proxy: np.ndarray
    hired: np.ndarray
    hired_fairly: np.ndarray

    def features(self, *, use_group: bool, use_proxy: bool) -> np.ndarray:
        """(N, 2 to 4) columns: test and reference, then the group (1 for B) and the proxy if they are wanted."""
        columns = [self.test, self.reference]
        columns += [self.group == "B"] * use_group + [self.proxy] * use_proxy
        return np.column_stack(columns).astype(np.float64)


@dataclass(frozen=True)
class ScreenVerdict:
    """A screen judged by the truth, at a given number of invitations.

    Attributes:
        invited: P(invited | group).
        found: P(invited | qualified, group), the true positive rate; NaN for a group without qualified applicants.
        skill: mean skill of the invited; the higher the better.
        penalty: how much more skill an applicant of B needs for the same score, on average; ideal 0. Minus the ratio
            of the coefficients of "is B" and of skill, in a least-squares fit of the score to both. NaN if the score
            does not depend on skill.
    """

    invited: dict[str, float]
    found: dict[str, float]
    skill: float
    penalty: float


def simulate_hiring(
    count: int, *, penalty: float = 0.8, proxy_strength: float = 0.6, share: float = 0.3, seed: int = 0
) -> HiringHistory:
    """Draw applicants, half of each group, and decide as biased interviewers do.

    An interviewer sees the skill with noise, takes off the penalty if the applicant is of B, and hires above the bar
    that a share of applicants would clear without any penalty. So P(hired | A) is the share, and P(hired | B) is
    Phi(-(bar + penalty) / sqrt(1 + .25)).

    Args:
        count: number of applicants N, at least 1.
        penalty: in the unit of skill, whose standard deviation is 1; 0 is fair.
        proxy_strength: P(proxy = 1 | B) - P(proxy = 1 | A), in [0, 1], around one half.
        share: of places, in (0, 1).
        seed: of the draws.

    Raises:
        ValueError: if a number is out of its range.
    """
    if count < 1 or not np.isfinite(penalty) or not 0 <= proxy_strength <= 1 or not 0 < share < 1:
        raise ValueError(
            "count >= 1, a finite penalty, proxy_strength in [0, 1] and share in (0, 1) were expected; "
            f"got {count}, {penalty}, {proxy_strength} and {share}"
        )
    random = np.random.default_rng(seed)
    is_b = random.random(count) < 0.5
    skill = random.normal(size=count)
    test, reference, impression = (
        skill + noise * random.normal(size=count) for noise in (TEST_NOISE, REFERENCE_NOISE, IMPRESSION_NOISE)
    )
    proxy = random.random(count) < np.where(is_b, 0.5 + proxy_strength / 2, 0.5 - proxy_strength / 2)
    bar = NormalDist(0, (1 + IMPRESSION_NOISE**2) ** 0.5).inv_cdf(1 - share)
    return HiringHistory(
        group=np.where(is_b, "B", "A"),
        skill=skill,
        qualified=skill > NormalDist().inv_cdf(1 - share),
        test=test,
        reference=reference,
        proxy=proxy.astype(np.int64),
        hired=impression - penalty * is_b > bar,
        hired_fairly=impression > bar,
    )


def train_screen(features: ArrayLike, labels: Values, *, weights: Values | None = None) -> nn.Linear:
    """Logistic regression of past decisions: what "learning from our best people" amounts to.

    Args:
        features: (N, D) of about unit spread, as `HiringHistory.features` gives them.
        labels: (N,) 0 and 1, or bool; both must occur.
        weights: (N,) finite, at least 0: how many applicants each row stands for; 1 each if None. Only their ratios
            count, and rows of weight 0 are not learned from.

    Returns:
        A linear layer from (N, D) float64 to (N, 1) logits; the same each time. Where a line parts the labels without
        error the best weights are infinite, and these are large ones.

    Raises:
        ValueError: if lengths differ, a weight is negative or not finite, or only one label occurs (with a weight).
    """
    hired = binary(labels, "labels")
    rows = torch.from_numpy(numbers(features, "features"))
    if rows.dim() != 2:
        raise ValueError(f"features must be (N, D); got {tuple(rows.shape)}")
    mass = np.ones(len(hired)) if weights is None else number_column(weights, "weights")
    check_lengths(features=len(rows), labels=len(hired), weights=len(mass))
    if not np.isfinite(mass).all() or (mass < 0).any():
        raise ValueError(f"weights must be finite and at least 0; got {mass[~(np.isfinite(mass) & (mass >= 0))][0]}")
    seen = hired[mass > 0]
    if seen.all() or not seen.any():
        got = f"{int(seen[0])} only" if len(seen) else "no row with a weight"
        raise ValueError(f"both labels were expected, or there is nothing to learn; got {got}")
    model = nn.Linear(rows.shape[1], 1, dtype=torch.float64)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    targets = torch.from_numpy(hired).double()[:, None]
    mean_one = torch.from_numpy(mass / mass.mean())[:, None]
    # The loss is convex and all rows are there at once, so a quasi-Newton method is exact in some twenty steps.
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = F.binary_cross_entropy_with_logits(model(rows), targets, weight=mean_one)
        value.backward()
        return value

    optimizer.step(loss)
    return model


def judge_screen(history: HiringHistory, scores: Values, *, share: float = 0.3) -> ScreenVerdict:
    """Invite the applicants of the highest scores, and look at who they truly are.

    Args:
        history: N applicants that the screen did not learn from.
        scores: (N,) finite, higher is better.
        share: of applicants that are invited, in (0, 1], rounded to a whole number of at least one. Of tied ones the
            first are taken.

    Returns:
        The verdict, with an entry for each group that occurs.

    Raises:
        ValueError: if lengths differ, a score is not finite, or the share is out of range.
    """
    scores = number_column(scores, "scores")
    check_lengths(history=len(history.skill), scores=len(scores))
    if not np.isfinite(scores).all() or not 0 < share <= 1:
        raise ValueError(f"finite scores and a share in (0, 1] were expected; got a share of {share}, scores {scores}")
    invited = np.zeros(len(scores), bool)
    invited[np.argsort(-scores, kind="stable")[: max(1, round(share * len(scores)))]] = True
    members = {str(name): history.group == name for name in np.unique(history.group)}
    ones, is_b = np.ones(len(scores)), history.group == "B"
    columns = np.column_stack([ones, history.skill, is_b])
    _, by_skill, by_group = np.linalg.lstsq(columns, scores, rcond=None)[0]
    return ScreenVerdict(
        invited={name: float(invited[member].mean()) for name, member in members.items()},
        found={name: _mean(invited[member & history.qualified]) for name, member in members.items()},
        skill=float(history.skill[invited].mean()),
        penalty=float(-by_group / by_skill) if by_skill else float("nan"),
    )


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
