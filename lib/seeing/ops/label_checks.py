"""What a loss asks of the labels that it compares logits with."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.ops.checks import check_one_device, values_can_be_read


def check_class_labels(logits: Tensor, labels: Tensor, ignore_index: int, weight: Tensor | None = None) -> None:
    """Refuse labels, or factors of the classes, that do not belong to these logits.

    Args:
        logits: (C,), (N, C) or (N, C, d1, d2, ...), floating point.
        labels: shaped as logits without C.
        ignore_index: the one value outside 0..C-1 that is allowed.
        weight: (C,), if there are such factors.

    Raises:
        ValueError: if a shape or dtype does not fit, the devices differ, a label is out of range, or there are so
            many classes that 255 is both void and a class.
    """
    if logits.dim() == 0 or not logits.is_floating_point():
        raise ValueError(
            f"logits must be floating point, (C,) or (N, C, ...); got {logits.dtype} {tuple(logits.shape)}"
        )
    axis = min(1, logits.dim() - 1)
    classes = logits.shape[axis]
    wanted = logits.shape[:axis] + logits.shape[axis + 1 :]
    if labels.shape != wanted or labels.dtype not in (torch.int64, torch.uint8):
        raise ValueError(
            f"labels must be int64 or uint8, {tuple(wanted)} for logits {tuple(logits.shape)}; "
            f"got {labels.dtype} {tuple(labels.shape)}"
        )
    if weight is not None and weight.shape != (classes,):
        raise ValueError(f"weight must be ({classes},); got {tuple(weight.shape)}")
    check_one_device(logits=logits, labels=labels, **({} if weight is None else {"weight": weight}))
    if ignore_index == 255 and classes > 255:
        raise ValueError(f"255 is both void and one of the {classes} classes: give another ignore_index")
    if not values_can_be_read(labels):
        return
    wrong = ((labels < 0) | (labels >= classes)) & (labels != ignore_index)
    if bool(wrong.any()):
        raise ValueError(
            f"labels must be classes 0..{classes - 1} or {ignore_index} (void); got {labels[wrong][0].item()}"
        )
