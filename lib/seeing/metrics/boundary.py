"""How well the outlines of a label map follow the true ones, where IoU sees mostly the insides of large regions."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.metrics.bootstrap import Interval, bootstrap_interval
from seeing.metrics.confusion import confusion_matrix
from seeing.metrics.distributed import check_same_setup
from seeing.renamed import renamed_arguments


@takes_arrays("prediction", "target")
def boundary_f(
    prediction: Tensor, target: Tensor, num_classes: int, tolerance: float, ignore_index: int | None = 255
) -> Tensor:
    """The F measure of the outline of each class: outlines match that are no further apart than the tolerance.

    The outline of a class holds its pixels with a neighbour (left, right, above or below) of another class; the
    image's border makes none. Precision is the share of the predicted outline within the tolerance of the true one,
    recall the reverse, and F their harmonic mean.

    Where the target is void, nobody knows the outline: those pixels are void in the prediction as well, and a void
    neighbour makes no outline, neither a true one nor a false one. In a data set that paints void along every contour
    (PASCAL VOC), hardly an outline is left: fill those bands first if they are to count.

    Args:
        prediction: (H, W) or (N, H, W) labels 0..K-1, integers of any type.
        target: shaped as the prediction; labels 0..K-1 or void.
        num_classes: K, at least 1.
        tolerance: Euclidean distance in pixels, at least 0; the paper's is .75 % of the image's diagonal.
        ignore_index: the void label, or None.

    Returns:
        (K,) or (N, K) float64 in [0, 1]; NaN for a class with no outline in either map, 0 if only one map has one.
        The paper's score is the mean over images of `.nanmean(-1)`.

    Raises:
        ValueError: as `confusion_matrix`, if the maps are not (H, W) or (N, H, W), or if the tolerance is negative.

    Example:
        >>> target = torch.zeros(8, 8, dtype=torch.int64)
        >>> target[2:6, 2:6] = 1
        >>> boundary_f(target.roll(1, 1), target, num_classes=2, tolerance=1)  # moved by one pixel, which is allowed
        tensor([1., 1.], dtype=torch.float64)

    Source: Csurka et al., What is a good evaluation measure for semantic segmentation? (2013).
    """
    if prediction.dim() not in (2, 3):
        raise ValueError(f"prediction must be (H, W) or (N, H, W) labels; got {tuple(prediction.shape)}")
    _check_tolerance(tolerance)
    counts = confusion_matrix(prediction, target, num_classes, ignore_index)  # checks the labels, too
    present = (counts.sum(0) + counts.sum(1)).nonzero().flatten().tolist()
    guess, truth = (labels[None] if labels.dim() == 2 else labels for labels in (prediction, target))
    known = torch.ones_like(truth, dtype=torch.bool) if ignore_index is None else truth != ignore_index
    scores = torch.full((len(truth), num_classes), torch.nan, dtype=torch.float64, device=truth.device)
    for label in present:
        scores[:, label] = _f_measure(_outline(guess == label, known), _outline(truth == label, known), tolerance)
    return scores.view(*prediction.shape[:-2], num_classes)


class BoundaryMetrics:
    """`boundary_f` of a data set, gathered batch by batch.

    It may be pickled, and follows its inputs to their device.

    Args:
        num_classes: K, at least 1.
        tolerance: pixels, at least 0.
        ignore_index: the void label, or None.

    Attributes:
        scores: (n, K) float64, of every class in every image so far; NaN where it has no outline.
    """

    def __init__(self, num_classes: int, tolerance: float, ignore_index: int | None = 255) -> None:
        if num_classes < 1:
            raise ValueError(f"num_classes must be at least 1; got {num_classes}")
        _check_tolerance(tolerance)
        self.num_classes = num_classes
        self.tolerance = tolerance
        self.ignore_index = ignore_index
        self.reset()

    @property
    def scores(self) -> Tensor:
        if not self._parts:
            return torch.empty(0, self.num_classes, dtype=torch.float64)
        return torch.cat([part.to(self._parts[-1].device) for part in self._parts])

    def reset(self) -> None:
        """Forget all images."""
        self._parts: list[Tensor] = []

    @renamed_arguments(prediction="predictions", target="targets")
    @takes_arrays("predictions", "targets")
    def update(self, predictions: Tensor, targets: Tensor) -> None:
        """Score a batch; the arguments and errors are those of `boundary_f`."""
        scores = boundary_f(predictions, targets, self.num_classes, self.tolerance, self.ignore_index)
        self._parts.append(scores.view(-1, self.num_classes))

    def merge(self, other: BoundaryMetrics) -> None:
        """Take over what another one has scored, as if this one had seen those images too.

        Raises:
            ValueError: if the two were set up differently.
        """
        check_same_setup(self, other, "num_classes", "tolerance", "ignore_index")
        self._parts = self._parts + other._parts

    def compute(self) -> dict[str, float]:
        """Under `boundary_f`, the mean over images of their mean over classes; NaN before the first outline."""
        return {"boundary_f": float(self.scores.nanmean(1).nanmean())}

    def bootstrap(self, *, samples: int = 1000, confidence: float = 0.95, seed: int = 0) -> Interval:
        """How far the score might be off by the luck of which images were drawn.

        Args:
            samples: as in `bootstrap_interval`.
            confidence: as in `bootstrap_interval`.
            seed: as in `bootstrap_interval`.

        Raises:
            ValueError: if there is no image.
        """
        means = self.scores.nanmean(1).cpu()
        return bootstrap_interval(
            lambda draw: float(means[draw].nanmean()), len(means), samples=samples, confidence=confidence, seed=seed
        )


def _check_tolerance(tolerance: float) -> None:
    if not tolerance >= 0:
        raise ValueError(f"tolerance must be a distance of at least 0 pixels; got {tolerance}")


def _outline(region: Tensor, known: Tensor) -> Tensor:
    """The known pixels of a region with a known neighbour outside it, (N, H, W) bool as both arguments."""
    outside = ~region & known
    touched = torch.zeros_like(region)
    touched[:, 1:] |= outside[:, :-1]
    touched[:, :-1] |= outside[:, 1:]
    touched[:, :, 1:] |= outside[:, :, :-1]
    touched[:, :, :-1] |= outside[:, :, 1:]
    return region & known & touched


def _f_measure(guess: Tensor, truth: Tensor, tolerance: float) -> Tensor:
    """Of two outlines, (N, H, W) bool: (N,), NaN where both are empty."""
    sizes = [outline.sum((1, 2)).double() for outline in (guess, truth)]
    precision = (guess & _near(truth, tolerance)).sum((1, 2)) / sizes[0]
    recall = (truth & _near(guess, tolerance)).sum((1, 2)) / sizes[1]
    # NaN where one is empty or none matches: 0 then.
    f = (2 * precision * recall / (precision + recall)).nan_to_num(0)
    return f.masked_fill(sizes[0] + sizes[1] == 0, torch.nan)


def _near(outline: Tensor, tolerance: float) -> Tensor:
    """The pixels within a distance of an outline, (N, H, W) bool.

    First how far each pixel is from the outline within its column; then each column looks at those beside it.
    """
    _, height, width = outline.shape
    tolerance = min(tolerance, height + width)
    nowhere = 2 * (height + width)  # further than any tolerance
    rows = torch.arange(height, dtype=torch.int32, device=outline.device)[:, None]
    above = torch.where(outline, rows, -nowhere).cummax(1).values
    below = torch.where(outline, rows, height + nowhere).flip(1).cummin(1).values.flip(1)
    apart = torch.minimum(rows - above, below - rows)
    near = apart <= tolerance
    for across in range(1, min(math.floor(tolerance), width - 1) + 1):
        close = apart <= _reach(tolerance, across)
        near[:, :, across:] |= close[:, :, :-across]
        near[:, :, :-across] |= close[:, :, across:]
    return near


def _reach(tolerance: float, across: int) -> int:
    """The most rows that a pixel may be away, if it is `across` columns away: exact, rounding included."""
    rows = math.floor(tolerance)
    while math.sqrt(rows**2 + across**2) > tolerance:
        rows -= 1
    return rows
