"""Operating points: where a score becomes a decision, and scores rescaled so that this is at one half.

A radiology model states a score for each finding, and each finding has its own threshold, chosen on validation data.
Raw scores of .1 and .6 may both be "just suspicious"; rescaled, both are .5, and a person can read them side by side.
"""

from __future__ import annotations

import numpy as np

from seeing.fairness.inputs import Values, binary, check_lengths, number_column, numbers


def rescale_to_operating_point(scores: Values, operating_points: Values | float) -> np.ndarray:
    """Scores stretched along two straight lines, so that the operating point lands at .5 and 0 and 1 stay.

    f(p) = p / (2 t) up to t, and 1/2 + (p - t) / (2 (1 - t)) above. It rises strictly, so no ranking and no area under
    a ROC curve changes, and "score >= t" is the same decision as "f(score) >= .5". It is not a calibration: .5 does
    not mean that half of such patients are ill.

    Args:
        scores: any shape, in [0, 1]; the last axis may be the findings.
        operating_points: t, one number, or one a finding (K,), in (0, 1).

    Returns:
        float64 of the scores' shape, in [0, 1].

    Raises:
        ValueError: if a score or operating point is NaN or outside its range, or the shapes do not fit.

    Example:
        >>> rescale_to_operating_point([0.0, 0.1, 0.2, 1.0], 0.2)
        array([0.  , 0.25, 0.5 , 1.  ])

    Source: `op_norm` of TorchXRayVision, Cohen et al., TorchXRayVision: a library of chest X-ray datasets and models
        (2022).
    """
    scores, points = _checked(scores, operating_points, "scores")
    below = 0.5 * (scores / points)
    above = 0.5 + 0.5 * ((scores - points) / (1 - points))
    return np.where(scores <= points, below, above)


def undo_rescaling(rescaled: Values, operating_points: Values | float) -> np.ndarray:
    """The inverse of `rescale_to_operating_point`, up to rounding.

    Args:
        rescaled: any shape, in [0, 1].
        operating_points: as there.

    Returns:
        float64 of the same shape, in [0, 1].

    Raises:
        ValueError: as there.

    Example:
        >>> undo_rescaling([0.25, 0.5, 1.0], 0.2)
        array([0.1, 0.2, 1. ])
    """
    rescaled, points = _checked(rescaled, operating_points, "rescaled")
    below = 2 * rescaled * points
    above = points + (2 * rescaled - 1) * (1 - points)
    return np.where(rescaled <= 0.5, below, np.minimum(above, 1))


def operating_point(y_true: Values, scores: Values, *, sensitivity: float) -> float:
    """The highest threshold at which "score >= threshold" finds at least a given share of the positives.

    Args:
        y_true: (N,) 0 and 1, or bool.
        scores: (N,) in [0, 1], finite.
        sensitivity: P(score >= threshold | y = 1) that is asked for, in (0, 1].

    Returns:
        A score that occurs among the positives. Of tied ones all are found, so that the share may be higher.

    Raises:
        ValueError: if lengths differ, there is no positive, or a number is out of range.

    Example:
        >>> operating_point([1, 1, 1, 0], [0.9, 0.6, 0.2, 0.4], sensitivity=0.6)  # two of three are found from .6 on
        0.6
    """
    positive = binary(y_true, "y_true")
    scores, _ = _checked(number_column(scores, "scores"), 0.5, "scores")
    check_lengths(y_true=len(positive), scores=len(scores))
    if not 0 < sensitivity <= 1:
        raise ValueError(f"sensitivity must lie in (0, 1]; got {sensitivity}")
    if not positive.any():
        raise ValueError("a positive at least was expected, or there is no sensitivity; got none")
    ranked = np.sort(scores[positive])[::-1]
    # A share that is met exactly must not be missed by rounding, as .7 * 10 is by 7.000000000000001.
    wanted = int(np.ceil(sensitivity * len(ranked) - 1e-9))
    return float(ranked[max(wanted, 1) - 1])


def _checked(scores: Values, operating_points: Values | float, name: str) -> tuple[np.ndarray, np.ndarray]:
    scores = numbers(scores, name)
    points = numbers(operating_points, "operating_points")
    inside = (scores >= 0) & (scores <= 1)  # False for NaN
    if not inside.all():
        raise ValueError(f"{name} must lie in [0, 1]; got {scores[~inside].flat[0]}")
    if not ((points > 0) & (points < 1)).all():
        raise ValueError(f"operating points must lie in (0, 1), strictly; got {points.tolist()}")
    if points.ndim > 1 or (points.ndim == 1 and points.shape != scores.shape[-1:]):
        raise ValueError(
            f"one operating point, or one a column of {name}, was expected; "
            f"got {points.shape} for {name} {scores.shape}"
        )
    return scores, points
