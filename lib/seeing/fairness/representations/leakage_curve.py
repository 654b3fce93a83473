"""What fairness costs: accuracy on the label beside leakage of the group, as the penalty grows, over several seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seeing.fairness.groups.groups import SensitiveFeatures, find_groups
from seeing.fairness.inputs import Values, binary
from seeing.fairness.representations.probes import KINDS, leakage, probe
from seeing.metrics.seeds import SeedScores, seed_scores


@dataclass(frozen=True)
class CurvePoint:
    """What representations learned at one strength keep.

    Attributes:
        strength: of the penalty.
        accuracy: balanced accuracy with which a linear probe finds the label.
        leakage: balanced accuracy with which the best of the probes finds the group.
        linear_leakage: the same for the linear probe alone.
    """

    strength: float
    accuracy: SeedScores
    leakage: SeedScores
    linear_leakage: SeedScores


def leakage_curve(
    represent: Callable[[float, int], Values],
    strengths: Sequence[float],
    seeds: Sequence[int],
    *,
    y_true: Values,
    sensitive_features: SensitiveFeatures,
    probes: Sequence[str] = KINDS,
    folds: int = 3,
    confidence: float = 0.95,
) -> list[CurvePoint]:
    """Train at each strength with each seed, and probe what comes out.

    Args:
        represent: trains at (strength, seed) and gives (N, Z), the representation of N rows that it did not see.
        strengths: of the penalty.
        seeds: two or more, or the intervals are NaN.
        y_true: (N,) labels of those rows, 0 and 1.
        sensitive_features: (N,) groups of those rows, two or more.
        probes: as in `probe`; the linear one is used in any case.
        folds: of each probe.
        confidence: of the intervals, in (0, 1).

    Returns:
        A point for each strength, in their order.

    Raises:
        ValueError: as `probe`, or if there is no seed or the confidence is out of range.
    """
    if not len(seeds) or not 0 < confidence < 1:
        raise ValueError(f"a seed and a confidence in (0, 1) were expected; got {len(seeds)} and {confidence}")
    labels = binary(y_true, "y_true")
    find_groups(sensitive_features)  # refuses before the first training
    kinds = dict.fromkeys(["linear", *probes])

    def judge(strength: float, seed: int) -> tuple[float, float, float]:
        z = represent(strength, seed)
        task = probe(z, sensitive_features=labels, probes=["linear"], folds=folds, seed=seed)
        attribute = probe(z, sensitive_features=sensitive_features, probes=list(kinds), folds=folds, seed=seed)
        return leakage(task), leakage(attribute), attribute["linear"].balanced_accuracy

    points = []
    for strength in strengths:
        scores = zip(*[judge(strength, seed) for seed in seeds], strict=True)
        points.append(CurvePoint(strength, *[seed_scores(values, confidence) for values in scores]))
    return points
