"""Meet the loops once with the types that they usually get, before anybody waits for them."""

from __future__ import annotations

import importlib.util

import torch

from seeing import metrics, ops


@torch.no_grad()
def warm_up() -> None:
    """Load every loop for the CPU now, compiled for the usual types, rather than at its first call.

    Calls the ops that exercises and training loops call, on almost nothing: numba compiles their loops, or finds
    them compiled. For a process that forks others, or that must answer fast the first time. Does nothing without numba.
    """
    if importlib.util.find_spec("numba") is None:
        return
    boxes, scores = torch.tensor([[0.0, 0, 2, 2], [1, 0, 3, 2]]), torch.tensor([0.5, 0.25])
    labels = torch.tensor([1, 2])
    image = torch.zeros(1, 1, 4, 4)

    _, places = ops.max_pool2d_with_indices(image, 2)
    ops.max_unpool2d(torch.zeros(1, 1, 2, 2), places, 2)
    ops.box_iou(boxes, boxes)
    ops.generalized_box_iou(boxes, boxes)
    ops.nms(boxes, scores, 0.5)
    ops.batched_nms(boxes, scores, labels, 0.5)
    ops.roi_align(image, [boxes], 2)
    ops.roi_pool(image, [boxes], 2)
    metrics.confusion_matrix(labels, labels, 3)
    metrics.ece(torch.full((2, 3), 1 / 3), labels)
    metrics.ece(scores, labels - 1)
