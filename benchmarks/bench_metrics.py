"""Segmentation and calibration metrics beside torchmetrics."""

from collections.abc import Callable

import torch
from torch import Tensor
from torchmetrics.functional.classification import (
    binary_calibration_error,
    multiclass_calibration_error,
    multiclass_confusion_matrix,
)
from torchmetrics.segmentation import MeanIoU

from benchmarks.harness import Case, report
from seeing.kernels import reference
from seeing.metrics import SegmentationMetrics, confusion_matrix, ece


def label_maps(images: int, classes: int, size: int, device: str) -> tuple[Tensor, Tensor]:
    """A target of 16-pixel blocks, and a prediction that is right for about four pixels of five."""
    blocks = torch.randint(classes, (images, size // 16, size // 16), device=device)
    target = blocks.repeat_interleave(16, 1).repeat_interleave(16, 2)
    guess = torch.randint(classes, target.shape, device=device)
    return torch.where(torch.rand(target.shape, device=device) < 0.8, target, guess), target


def confusion_case(images: int, classes: int, device: str) -> Case:
    """With a border of void; the peer's own checks are off."""
    prediction, target = label_maps(images, classes, 512, device)
    target[:, :8] = 255
    return Case(
        lambda: confusion_matrix(prediction, target, classes),
        {
            "torchmetrics": lambda: multiclass_confusion_matrix(
                prediction, target, classes, ignore_index=255, validate_args=False
            ),
            "ours in plain torch": in_plain_torch(lambda: confusion_matrix(prediction, target, classes)),
        },
        aim=9,
    )


def mean_iou_case(device: str) -> Case:
    """One update of the streaming metric."""
    prediction, target = label_maps(2, 21, 512, device)
    ours, theirs = SegmentationMetrics(21), MeanIoU(21, input_format="index").to(device)
    return Case(
        lambda: ours.update(prediction, target), {"torchmetrics": lambda: theirs.update(prediction, target)}, aim=100
    )


def ece_case(rows: int, classes: int, device: str, aim: float | None) -> Case:
    """Softmax rows, of which three in five are right; the peer's own checks are off, ours are on."""
    probabilities = torch.softmax(2 * torch.randn(rows, classes, device=device), 1)
    labels = torch.randint(classes, (rows,), device=device)
    labels = torch.where(torch.rand(rows, device=device) < 0.6, probabilities.argmax(1), labels)
    return Case(
        lambda: ece(probabilities, labels),
        {
            "torchmetrics": lambda: multiclass_calibration_error(
                probabilities, labels, classes, n_bins=15, validate_args=False
            ),
            "ours in plain torch": in_plain_torch(lambda: ece(probabilities, labels)),
        },
        aim=aim,
    )


def binary_ece_case(rows: int, device: str) -> Case:
    """Probabilities of y = 1, spread evenly; the peer's own checks are off, ours are on."""
    probabilities = torch.rand(rows, device=device)
    labels = (torch.rand(rows, device=device) < probabilities).long()
    return Case(
        lambda: ece(probabilities, labels),
        {
            "torchmetrics": lambda: binary_calibration_error(probabilities, labels, n_bins=15, validate_args=False),
            "ours in plain torch": in_plain_torch(lambda: ece(probabilities, labels)),
        },
        aim=5,
    )


def in_plain_torch(call: Callable[[], object]) -> Callable[[], object]:
    """The same call, served by the readable op."""

    def called() -> object:
        with reference():
            return call()

    return called


def cases(device: str) -> dict[str, Case]:
    """Name: ours beside the peer's."""
    torch.manual_seed(0)
    return {
        "confusion matrix, 4x512x512, 21 classes": confusion_case(4, 21, device),
        "confusion matrix, 2x512x512, 150 classes": confusion_case(2, 150, device),
        "mean IoU update, 2x512x512, 21 classes": mean_iou_case(device),
        "ECE, 50,000 x 1,000": ece_case(50_000, 1000, device, 6),
        "ECE, 10,000 x 10": ece_case(10_000, 10, device, 5),
        "ECE, 1,000,000 x 2": ece_case(1_000_000, 2, device, 5),
        "ECE, 1,000,000 x 10": ece_case(1_000_000, 10, device, 5),
        "ECE, 1,000,000, binary": binary_ece_case(1_000_000, device),
    }


if __name__ == "__main__":
    for device in ["cpu"] + ["cuda"] * torch.cuda.is_available():
        report("metrics", cases(device), device)
