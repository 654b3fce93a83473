"""The scores of a label map, each a function of its confusion matrix.

Every score takes (..., K, K) counts, rows the truth, columns the prediction, and works in float64 on their device. A
class that a score cannot speak about gives NaN there and is left out of the mean; if no class is left, the mean is NaN.
"""

from __future__ import annotations

from torch import Tensor

from seeing.arrays import takes_arrays


@takes_arrays("matrix")
def pixel_accuracy(matrix: Tensor) -> Tensor:
    """Share of the pixels that were labelled right.

    Args:
        matrix: (..., K, K) counts.

    Returns:
        (...) in [0, 1]; NaN if no pixel was counted.

    Raises:
        ValueError: if the matrix is not square.

    Example:
        >>> pixel_accuracy(torch.tensor([[9, 1], [2, 2]]))  # 11 of 14
        tensor(0.7857, dtype=torch.float64)

    Source: Long, Shelhamer and Darrell, Fully convolutional networks for semantic segmentation (2015), section 5.
    """
    right, truth, _ = _totals(matrix)
    return right.sum(-1) / truth.sum(-1)


@takes_arrays("matrix")
def class_accuracy(matrix: Tensor) -> Tensor:
    """Share of the pixels of each class that were labelled right: its recall.

    Args:
        matrix: (..., K, K) counts.

    Returns:
        (..., K) in [0, 1]; NaN for a class absent from the truth.

    Raises:
        ValueError: if the matrix is not square.

    Example:
        >>> class_accuracy(torch.tensor([[9, 1], [2, 2]]))
        tensor([0.9000, 0.5000], dtype=torch.float64)
    """
    right, truth, _ = _totals(matrix)
    return right / truth


@takes_arrays("matrix")
def mean_accuracy(matrix: Tensor) -> Tensor:
    """The mean of `class_accuracy` over the classes present in the truth.

    Args:
        matrix: (..., K, K) counts.

    Returns:
        (...) in [0, 1]; NaN if no pixel was counted.

    Raises:
        ValueError: if the matrix is not square.

    Example:
        >>> mean_accuracy(torch.tensor([[9, 1], [2, 2]]))
        tensor(0.7000, dtype=torch.float64)

    Source: Long, Shelhamer and Darrell (2015), section 5.
    """
    return class_accuracy(matrix).nanmean(-1)


@takes_arrays("matrix")
def class_iou(matrix: Tensor) -> Tensor:
    """Intersection over union of the pixels of each class, also called the Jaccard index.

    Args:
        matrix: (..., K, K) counts.

    Returns:
        (..., K) in [0, 1]; NaN for a class absent from truth and prediction, 0 for one absent from just one of them.

    Raises:
        ValueError: if the matrix is not square.

    Example:
        >>> class_iou(torch.tensor([[1, 0], [1, 2]]))  # 1 / (1 + 1) and 2 / (2 + 1)
        tensor([0.5000, 0.6667], dtype=torch.float64)

    Source: Everingham et al., The PASCAL visual object classes challenge: a retrospective (2015).
    """
    right, truth, predicted = _totals(matrix)
    return right / (truth + predicted - right)


@takes_arrays("matrix")
def mean_iou(matrix: Tensor) -> Tensor:
    """The mean of `class_iou` over the classes present in truth or prediction.

    Args:
        matrix: (..., K, K) counts, of the whole data set: the mean over images of their mean IoU is another number.

    Returns:
        (...) in [0, 1]; NaN if no pixel was counted.

    Raises:
        ValueError: if the matrix is not square.

    Example:
        >>> mean_iou(torch.tensor([[1, 1, 0], [0, 2, 0], [0, 0, 0]]))  # (1/2 + 2/3) / 2: no third class
        tensor(0.5833, dtype=torch.float64)

    Source: Long, Shelhamer and Darrell (2015), section 5.
    """
    return class_iou(matrix).nanmean(-1)


@takes_arrays("matrix")
def frequency_weighted_iou(matrix: Tensor) -> Tensor:
    """`class_iou` weighted by each class's share of the true pixels.

    Args:
        matrix: (..., K, K) counts.

    Returns:
        (...) in [0, 1]; NaN if no pixel was counted.

    Raises:
        ValueError: if the matrix is not square.

    Example:
        >>> frequency_weighted_iou(torch.tensor([[1, 0], [1, 2]]))  # a quarter of 1/2, three quarters of 2/3
        tensor(0.6250, dtype=torch.float64)

    Source: Long, Shelhamer and Darrell (2015), section 5.
    """
    _, truth, _ = _totals(matrix)
    return (truth * class_iou(matrix)).nansum(-1) / truth.sum(-1)


@takes_arrays("matrix")
def class_dice(matrix: Tensor) -> Tensor:
    """Dice coefficient of each class, which is its F1: twice the intersection over the sum of both sizes.

    Args:
        matrix: (..., K, K) counts.

    Returns:
        (..., K) in [0, 1]; NaN for a class absent from truth and prediction. Equal to 2 IoU / (1 + IoU).

    Raises:
        ValueError: if the matrix is not square.

    Example:
        >>> class_dice(torch.tensor([[1, 0], [1, 2]]))  # 2 / (1 + 2) and 4 / (3 + 2)
        tensor([0.6667, 0.8000], dtype=torch.float64)

    Source: Dice, Measures of the amount of ecologic association between species (1945).
    """
    right, truth, predicted = _totals(matrix)
    return 2 * right / (truth + predicted)


@takes_arrays("matrix")
def mean_dice(matrix: Tensor) -> Tensor:
    """The mean of `class_dice` over the classes present in truth or prediction.

    Args:
        matrix: (..., K, K) counts.

    Returns:
        (...) in [0, 1]; NaN if no pixel was counted.

    Raises:
        ValueError: if the matrix is not square.

    Example:
        >>> mean_dice(torch.tensor([[1, 0], [1, 2]]))
        tensor(0.7333, dtype=torch.float64)
    """
    return class_dice(matrix).nanmean(-1)


def _totals(matrix: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The diagonal, the sums of the rows and those of the columns, (..., K) float64 each."""
    if matrix.dim() < 2 or matrix.shape[-1] != matrix.shape[-2]:
        raise ValueError(f"a confusion matrix must be (..., K, K); got {tuple(matrix.shape)}")
    counts = matrix.double()
    return counts.diagonal(dim1=-2, dim2=-1), counts.sum(-1), counts.sum(-2)
