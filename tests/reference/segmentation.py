"""Slow loops that say what a score of a label map means, one pixel at a time: the oracles of the tests."""

import itertools
import math

import torch
from torch import Tensor


def confusion_matrix(prediction: Tensor, target: Tensor, num_classes: int, void: int | None) -> Tensor:
    """Rows the truth, columns the prediction."""
    matrix = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    for guess, truth in zip(prediction.flatten().tolist(), target.flatten().tolist(), strict=True):
        if truth != void:
            matrix[truth, guess] += 1
    return matrix


def scores(prediction: Tensor, target: Tensor, num_classes: int, void: int | None) -> dict[str, float | list[float]]:
    """All scores from sets of pixels rather than from a matrix."""
    pixels = [i for i, truth in enumerate(target.flatten().tolist()) if truth != void]
    guess, truth = prediction.flatten().tolist(), target.flatten().tolist()
    accuracy, iou, dice, weighted = [], [], [], 0.0
    for k in range(num_classes):
        said, is_k = {i for i in pixels if guess[i] == k}, {i for i in pixels if truth[i] == k}
        both, either = len(said & is_k), len(said | is_k)
        accuracy.append(both / len(is_k) if is_k else math.nan)
        iou.append(both / either if either else math.nan)
        dice.append(2 * both / (len(said) + len(is_k)) if either else math.nan)
        weighted += len(is_k) / len(pixels) * iou[-1] if is_k else 0
    return {
        "pixel_accuracy": sum(guess[i] == truth[i] for i in pixels) / len(pixels),
        "class_accuracy": accuracy,
        "mean_accuracy": mean(accuracy),
        "class_iou": iou,
        "mean_iou": mean(iou),
        "frequency_weighted_iou": weighted,
        "class_dice": dice,
        "mean_dice": mean(dice),
    }


def mean(values: list[float]) -> float:
    """Of those that are numbers."""
    numbers = [v for v in values if not math.isnan(v)]
    return sum(numbers) / len(numbers) if numbers else math.nan


def outline(labels: Tensor, target: Tensor, label: int, void: int | None) -> list[tuple[int, int]]:
    """The pixels of a class beside another class, (H, W) maps; void pixels of the target are neither."""
    height, width = labels.shape
    found = []
    for y, x in itertools.product(range(height), range(width)):
        if labels[y, x] != label or target[y, x] == void:
            continue
        for v, u in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            inside = 0 <= v < height and 0 <= u < width
            if inside and target[v, u] != void and labels[v, u] != label:
                found.append((y, x))
                break
    return found


def boundary_f(prediction: Tensor, target: Tensor, num_classes: int, tolerance: float, void: int | None) -> list[float]:
    """One (H, W) pair of maps: the F of each class by comparing every pixel of one outline with all of the other."""
    result = []
    for label in range(num_classes):
        said, true = outline(prediction, target, label, void), outline(target, target, label, void)
        if not said and not true:
            result.append(math.nan)
            continue
        right = sum(any(math.dist(a, b) <= tolerance for b in true) for a in said)
        found = sum(any(math.dist(a, b) <= tolerance for b in said) for a in true)
        precision, recall = right / max(1, len(said)), found / max(1, len(true))
        result.append(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
    return result
