"""Which anchors may become detections, and of which class: all that score over a threshold, or the best of them."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend


class Candidates(NamedTuple):
    """Pairs of an anchor and a class, K of them; class after class, and of a class in the order of the anchors.

    Attributes:
        scores: (K,), of the scores' dtype.
        labels: (K,) int64, the column of the class.
        anchors: (K,) int64, the row of the anchor.
    """

    scores: Tensor
    labels: Tensor
    anchors: Tensor


@takes_arrays("scores")
def best_candidates(
    scores: Tensor,
    score_threshold: float,
    *,
    most_per_class: int | None = None,
    most: int | None = None,
    background: bool = False,
) -> Candidates:
    """The candidates of one image, or of one level of a pyramid.

    Detectors differ in what they count. SSD takes the best 400 of each class: `most_per_class=400, background=True`, of
    softmax scores. RetinaNet and FCOS take the best 1000 pairs of each level, whatever their classes: `most=1000`, of
    sigmoid scores. The box head of Faster R-CNN takes all pairs: `background=True`.

    Args:
        scores: (N, C) of N anchors (or points, or proposals) and C classes, floating point; N and C may be 0. NaN is no
            candidate. To leave a pair out by some other rule, set its score to -infinity.
        score_threshold: a candidate has a score over this, not just at it; compared in the scores' dtype.
        most_per_class: candidates of each class, at most; all if left out. Of equal scores the first anchors are taken.
        most: candidates in all, at most, of those that `most_per_class` leaves; all if left out. Of equal scores those
            of the first anchor are taken, and there of the first class.
        background: whether column 0 is the background, which is no candidate. Labels are columns all the same.

    Returns:
        Scores, labels and anchors. There may be none. Gradients flow to the scores.

    Raises:
        ValueError: if the scores are not (N, C) or not floating point, the threshold is NaN, or a number of candidates
            is negative.

    Example:
        >>> scores = torch.tensor([[0.9, 0.2], [0.6, 0.7]])  # two anchors, two classes
        >>> best_candidates(scores, 0.5, most=2).labels, best_candidates(scores, 0.5, most=2).anchors
        (tensor([0, 1]), tensor([0, 1]))
        >>> best_candidates(scores, 0.5, most_per_class=1, background=True).anchors  # class 0 is no object
        tensor([1])

    Source: Liu et al., SSD (2016), section 3.7; Lin et al., Focal loss for dense object detection (2017), section 4.1.
    """
    _check(scores, score_threshold, most_per_class, most)
    first = int(background)
    if most is None and scores.dtype in (torch.float32, torch.float64) and backend(scores) == "numba":
        from seeing.kernels.cpu.candidates import best_candidates as twin

        return Candidates(
            *twin(scores, score_threshold, len(scores) if most_per_class is None else most_per_class, first)
        )
    passing = scores[:, first:] > score_threshold
    if most_per_class is None and most:
        passing &= scores[:, first:] >= _lowest_of_the_best(scores[:, first:][passing], most)
    anchors, columns = torch.where(passing)  # anchor after anchor
    labels = columns + first
    values = scores[anchors, labels]
    if most_per_class is not None or most is not None:
        ranking = values.argsort(descending=True, stable=True)
        if most_per_class is not None:
            ranking = ranking[_place_in_class(labels[ranking]) < most_per_class]
        kept = ranking[:most].sort().values
        values, labels, anchors = values[kept], labels[kept], anchors[kept]
    order = labels.argsort(stable=True)
    return Candidates(values[order], labels[order], anchors[order])


def _lowest_of_the_best(values: Tensor, most: int) -> Tensor | float:
    """The last of the best scores, ties not settled, or -infinity: found in linear time, it leaves little to sort."""
    return values.detach().topk(most, sorted=False).values.min() if most < len(values) else -math.inf


def _place_in_class(labels: Tensor) -> Tensor:
    """How many entries of the same class stand before each: [2, 0, 2, 2] gives [0, 0, 1, 2]."""
    order = labels.argsort(stable=True)
    grouped = labels[order]
    begin = torch.searchsorted(grouped, grouped)  # the first place of each entry's class
    return torch.empty_like(order).scatter_(0, order, torch.arange(len(labels), device=labels.device) - begin)


def _check(scores: Tensor, score_threshold: float, most_per_class: int | None, most: int | None) -> None:
    if scores.dim() != 2 or not scores.is_floating_point():
        raise ValueError(f"scores must be floating point, (N, C); got {scores.dtype} {tuple(scores.shape)}")
    if math.isnan(score_threshold):
        raise ValueError("score_threshold must be a number; got NaN")
    for name, number in (("most_per_class", most_per_class), ("most", most)):
        if number is not None and number < 0:
            raise ValueError(f"{name} must be at least 0; got {number}")
