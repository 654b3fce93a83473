"""What to do with a probability: the action of least expected loss, and where one action gives way to the next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from seeing.arrays import as_tensor
from seeing.metrics.forecasts import row_tolerance

REJECT = -1
"""The answer of `reject_option` where no action is good enough."""

Array = np.ndarray | Tensor | Sequence


def expected_risk(probabilities: Array, loss: Array) -> np.ndarray | Tensor:
    """The loss to expect of each action: R(a | x) = sum over classes k of loss[a, k] P(k | x).

    Args:
        probabilities: (N, K), rows that sum to 1; in [0, 1].
        loss: (A, K): a row for each action, a column for each true class. loss[a, k] is what action a costs when k is
            true; a gain is negative. A square matrix that is transposed cannot be told from a right one.

    Returns:
        (N, A) float64: a tensor on the probabilities' device if they are one, else an array.

    Raises:
        ValueError: if a probability is NaN or outside [0, 1], a row's sum is off by more than .001, the loss is not
            finite, or the shapes do not fit.

    Example:
        >>> loss = np.array([[0, 10], [1, 0]])  # to miss an illness costs 10, a false alarm 1
        >>> expected_risk(np.array([[0.75, 0.25]]), loss)
        array([[2.5 , 0.75]])

    Source: Bishop, Pattern recognition and machine learning (2006), equation 1.81; Duda, Hart and Stork, Pattern
        classification (2001), section 2.2.
    """
    return _as_given(_risk(probabilities, loss), probabilities)


def optimal_action(probabilities: Array, loss: Array) -> np.ndarray | Tensor:
    """The Bayes action: argmin over a of R(a | x), and the first of equal ones.

    With equal costs, which `equal_costs` gives, it is the likeliest class. That is a rule for decisions: cross-entropy
    is a loss for fitting the probabilities, and needs no costs at all.

    Args:
        probabilities: as in `expected_risk`.
        loss: as in `expected_risk`.

    Returns:
        (N,) int64, rows of the loss: a tensor on the probabilities' device if they are one, else an array.

    Raises:
        ValueError: as `expected_risk`.

    Example:
        >>> loss = np.array([[0, 10], [1, 0]])
        >>> optimal_action(np.array([[0.75, 0.25], [0.95, 0.05]]), loss)  # treat from 1/11 on
        array([1, 0])

    Source: Bishop (2006), section 1.5.2.
    """
    return _as_given(_risk(probabilities, loss).argmin(1), probabilities)


def reject_option(probabilities: Array, loss: Array, reject_loss: float) -> np.ndarray | Tensor:
    """The Bayes action, or `REJECT` where even that costs more than handing the case on: min over a of R(a | x) > d.

    A case whose risk is exactly d is decided. With equal costs the rule rejects where the highest probability is under
    1 - d, so nothing is rejected from d = 1 - 1/K on.

    Args:
        probabilities: as in `expected_risk`.
        loss: as in `expected_risk`.
        reject_loss: d, what a rejected case costs (a second opinion, say), in the unit of the loss.

    Returns:
        (N,) int64, rows of the loss or `REJECT` (-1): a tensor on the probabilities' device if they are one, else an
        array.

    Raises:
        ValueError: as `expected_risk`, or if `reject_loss` is not finite.

    Example:
        >>> reject_option(np.array([[0.9, 0.1], [0.6, 0.4]]), equal_costs(2), reject_loss=0.25)
        array([ 0, -1])

    Source: Chow, On optimum recognition error and reject tradeoff (1970).
    """
    if not np.isfinite(reject_loss):
        raise ValueError(f"reject_loss must be a finite number; got {reject_loss}")
    risk = _risk(probabilities, loss)
    return _as_given(torch.where(risk.amin(1) > reject_loss, REJECT, risk.argmin(1)), probabilities)


def equal_costs(classes: int) -> np.ndarray:
    """The loss of a guess when every mistake costs 1: 0 on the diagonal, 1 elsewhere.

    Args:
        classes: K, at least 1; action a guesses class a.

    Returns:
        (K, K) float64.

    Raises:
        ValueError: if `classes` is under 1.

    Example:
        >>> equal_costs(2)
        array([[0., 1.],
               [1., 0.]])
    """
    if classes < 1:
        raise ValueError(f"classes must be at least 1; got {classes}")
    return 1 - np.eye(classes)


def indifference_threshold(loss: Array, *, positive: int = 1, negative: int = 0) -> float:
    """The probability of one class at which two actions cost the same, if only it and one other class can be true.

    With d(k) = loss[0, k] - loss[1, k], the answer is p* = d(negative) / (d(negative) - d(positive)). Above p* the
    action is better that is better for the positive class. For [[0, c_fp], [c_fn, 0]] with rows "yes" and "no" and
    columns "positive" and "negative", p* = c_fp / (c_fp + c_fn).

    Args:
        loss: (2, K): two actions by the true classes.
        positive: the class whose probability is asked for, a column.
        negative: the other one that can be true, a column.

    Returns:
        A number in [0, 1].

    Raises:
        ValueError: if the loss is not finite, does not have two rows, lacks a class, or if one action is better (or
            both are equal) whichever of the two classes is true, so that there is no threshold.

    Example:
        >>> indifference_threshold(np.array([[0, 3], [1, 0]]))  # 1 / (1 + 3)
        0.25

    Source: Elkan, The foundations of cost-sensitive learning (2001), on making optimal decisions.
    """
    matrix = _loss_matrix(loss)
    actions, classes = matrix.shape
    if actions != 2:
        raise ValueError(f"a threshold lies between two actions: loss must be (2, K); got {tuple(matrix.shape)}")
    if positive == negative or not (0 <= positive < classes and 0 <= negative < classes):
        raise ValueError(
            f"positive and negative must be two different columns 0..{classes - 1}; got {positive} and {negative}"
        )
    difference = (matrix[0] - matrix[1]).tolist()
    for_negative, for_positive = difference[negative], difference[positive]
    if for_negative * for_positive > 0 or for_negative == for_positive:
        raise ValueError(
            "each action must be the better one for one of the two classes; "
            f"got differences of loss of {for_negative} and {for_positive}"
        )
    return for_negative / (for_negative - for_positive)


def _risk(probabilities: Array, loss: Array) -> Tensor:
    rows = as_tensor(probabilities, "probabilities").detach()
    matrix = _loss_matrix(loss).to(rows.device)
    if rows.dim() != 2 or rows.is_complex() or rows.shape[1] != matrix.shape[1]:
        raise ValueError(
            "probabilities (N, K) and loss (A, K) must have the same classes, and the loss a row for each action "
            f"(is it transposed?); got {tuple(rows.shape)} and {tuple(matrix.shape)}"
        )
    tolerance = row_tolerance(rows) if rows.is_floating_point() else 0
    rows = rows.double()
    inside = (rows >= 0) & (rows <= 1)  # False for NaN
    if not bool(inside.all()):
        raise ValueError(f"probabilities must lie in [0, 1]; got {rows[~inside][0].item()}")
    off = (rows.sum(1) - 1).abs() > tolerance
    if bool(off.any()):
        raise ValueError(f"each row of probabilities must sum to 1; got {rows[off][0].sum().item()}")
    # A matrix product may sum rows in different orders, and then equal rows might get different actions.
    return (rows[:, None] * matrix).sum(2)  # (N, 1, K) * (A, K): (N, A)


def _loss_matrix(loss: Array) -> Tensor:
    matrix = as_tensor(loss, "loss").detach().double().cpu()
    if matrix.dim() != 2 or 0 in matrix.shape or not bool(matrix.isfinite().all()):
        raise ValueError(f"loss must be a matrix of finite numbers, actions by classes; got {matrix.tolist()}")
    return matrix


def _as_given(result: Tensor, given: Array) -> np.ndarray | Tensor:
    return result if isinstance(given, Tensor) else result.numpy()
