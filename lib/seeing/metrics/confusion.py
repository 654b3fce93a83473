"""Which class was taken for which: the table that every score of a label map is computed from."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend


@takes_arrays("prediction", "target")
def confusion_matrix(prediction: Tensor, target: Tensor, num_classes: int, ignore_index: int | None = 255) -> Tensor:
    """Count the pixels of each true class (row) that were given each class (column).

    A pixel whose target is void is not counted, whatever was predicted there. A prediction has no such way out: void
    predicted for a pixel that counts is refused, because leaving it out would let a model choose its own exam.

    Args:
        prediction: labels 0..K-1, integers of any type and any shape.
        target: labels 0..K-1 or `ignore_index`, integers of the prediction's shape.
        num_classes: K, at least 1.
        ignore_index: the void label; None if every pixel counts. If it is one of 0..K-1, that class has an empty row.

    Returns:
        (K, K) int64; the sum is the number of pixels counted. All 0 for empty maps.

    Raises:
        ValueError: if the maps differ in shape or device, are not integers, or hold a label out of range.

    Example:
        >>> confusion_matrix(torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 1, 255]), num_classes=2)  # rows are true
        tensor([[1, 0],
                [1, 1]])
    """
    _check_maps(prediction, target, num_classes)
    if backend(prediction, target) == "numba":
        from seeing.kernels.cpu.confusion import confusion_matrix as twin

        matrix = twin(prediction, target, num_classes, ignore_index)
        if matrix is not None:
            return matrix
    truth, guess = target.flatten().long(), prediction.flatten().long()
    if ignore_index is not None:
        counted = truth != ignore_index
        truth, guess = truth[counted], guess[counted]
    void = "" if ignore_index is None else f" or the void label {ignore_index}"
    _check_range(truth, num_classes, f"target must hold labels 0..{num_classes - 1}{void}")
    _check_range(guess, num_classes, f"prediction must hold labels 0..{num_classes - 1} where the target is not void")
    return torch.bincount(truth * num_classes + guess, minlength=num_classes**2).view(num_classes, num_classes)


def _check_maps(prediction: Tensor, target: Tensor, num_classes: int) -> None:
    for name, labels in (("prediction", prediction), ("target", target)):
        if labels.is_floating_point() or labels.is_complex() or labels.dtype == torch.bool:
            raise ValueError(f"{name} must be integer labels, such as scores.argmax(1); got {labels.dtype}")
    if prediction.shape != target.shape:
        raise ValueError(
            f"prediction and target must have the same shape; got {tuple(prediction.shape)} and {tuple(target.shape)}"
        )
    if prediction.device != target.device:
        raise ValueError(f"prediction and target must be on one device; got {prediction.device} and {target.device}")
    if num_classes < 1:
        raise ValueError(f"num_classes must be at least 1; got {num_classes}")


def _check_range(labels: Tensor, num_classes: int, wanted: str) -> None:
    outside = labels[(labels < 0) | (labels >= num_classes)]
    if len(outside):
        raise ValueError(f"{wanted}; got {int(outside[0])}")
