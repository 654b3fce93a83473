"""The confusion matrix of a whole data set, gathered batch by batch, and its scores."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.metrics.bootstrap import Interval, bootstrap_interval
from seeing.metrics.confusion import confusion_matrix
from seeing.metrics.distributed import check_same_setup
from seeing.metrics.segmentation import frequency_weighted_iou, mean_accuracy, mean_dice, mean_iou, pixel_accuracy
from seeing.renamed import renamed_arguments

SCORES = {
    score.__name__: score for score in (pixel_accuracy, mean_accuracy, mean_iou, frequency_weighted_iou, mean_dice)
}
"""What `SegmentationMetrics.compute` reports."""


class SegmentationMetrics:
    """The confusion matrix of a data set, gathered batch by batch, and its scores.

    It may be pickled, and follows its inputs to their device.

    Args:
        num_classes: K, at least 1.
        ignore_index: the void label, or None; see `confusion_matrix`.
        keep_images: also keep the matrix of every image, which `bootstrap` needs: K * K * 8 bytes each.

    Attributes:
        matrix: (K, K) int64 counts so far; `class_iou(metrics.matrix)` gives the scores of each class.
        images: (n, K, K) int64 counts of each image so far; n is 0 unless they are kept.

    Example:
        >>> metrics = SegmentationMetrics(num_classes=2)
        >>> for predictions, targets in [([[0, 0]], [[0, 1]]), ([[1, 1]], [[1, 255]])]:  # 255 does not count
        ...     metrics.update(predictions, targets)
        >>> metrics.compute()["mean_iou"]
        0.5
    """

    def __init__(self, num_classes: int, ignore_index: int | None = 255, *, keep_images: bool = False) -> None:
        if num_classes < 1:
            raise ValueError(f"num_classes must be at least 1; got {num_classes}")
        self.num_classes = num_classes
        self.ignore_index = ignore_index
        self.keep_images = keep_images
        self.reset()

    @property
    def images(self) -> Tensor:
        empty = self.matrix.new_empty(0, self.num_classes, self.num_classes)
        return torch.cat([empty, *(part.to(empty.device) for part in self._images)])

    def reset(self) -> None:
        """Forget all images."""
        self.matrix = torch.zeros(self.num_classes, self.num_classes, dtype=torch.int64)
        self._images: list[Tensor] = []

    @renamed_arguments(prediction="predictions", target="targets")
    @takes_arrays("predictions", "targets")
    def update(self, predictions: Tensor, targets: Tensor) -> None:
        """Count the pixels of a batch.

        Args:
            predictions: (H, W) or (N, H, W) labels 0..K-1, integers of any type; N may be 0.
            targets: shaped as the predictions; labels 0..K-1 or void.

        Raises:
            ValueError: as `confusion_matrix`, or if the maps are not (H, W) or (N, H, W).
        """
        if predictions.dim() not in (2, 3) or predictions.shape != targets.shape:
            raise ValueError(
                "predictions and targets must both be (H, W) or (N, H, W) labels; "
                f"got {tuple(predictions.shape)} and {tuple(targets.shape)}"
            )
        if not self.keep_images:
            self._add(confusion_matrix(predictions, targets, self.num_classes, self.ignore_index))
            return
        pairs = [(predictions, targets)] if predictions.dim() == 2 else zip(predictions, targets, strict=True)
        counts = [confusion_matrix(*pair, self.num_classes, self.ignore_index) for pair in pairs]
        if counts:
            self._images.append(torch.stack(counts))
            self._add(self._images[-1].sum(0))

    def merge(self, other: SegmentationMetrics) -> None:
        """Take over what another one has counted, as if this one had seen those images too.

        Raises:
            ValueError: if the two were set up differently.
        """
        check_same_setup(self, other, "num_classes", "ignore_index", "keep_images")
        self._images += other._images
        self.matrix = self.matrix + other.matrix.to(self.matrix.device)

    def compute(self) -> dict[str, float]:
        """The scores so far, by the names of their functions; all NaN before the first pixel."""
        return {name: float(score(self.matrix)) for name, score in SCORES.items()}

    def bootstrap(
        self,
        score: Callable[[Tensor], Tensor] = mean_iou,
        *,
        samples: int = 1000,
        confidence: float = 0.95,
        seed: int = 0,
    ) -> Interval:
        """How far a score might be off by the luck of which images were drawn.

        Args:
            score: from a (K, K) float64 matrix of counts to a number, such as `mean_iou`.
            samples: as in `bootstrap_interval`.
            confidence: as in `bootstrap_interval`.
            seed: as in `bootstrap_interval`.

        Raises:
            ValueError: if the images were not kept, or there is none.
        """
        if not self.keep_images:
            raise ValueError("a bootstrap draws images: ask for SegmentationMetrics(..., keep_images=True)")
        images = self.images.double().flatten(1)

        def redrawn(draw: Tensor) -> float:
            often = torch.bincount(draw, minlength=len(images)).to(images)
            return float(score((often @ images).view_as(self.matrix)))

        return bootstrap_interval(redrawn, len(images), samples=samples, confidence=confidence, seed=seed)

    def _add(self, counts: Tensor) -> None:
        self.matrix = self.matrix.to(counts.device) + counts
