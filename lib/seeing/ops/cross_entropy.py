"""Cross-entropy for labels of which some are void."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.checks import check_one_type
from seeing.ops.label_checks import check_class_labels
from seeing.ops.reduction import Reduction, check_reduction

VOID = 255
"""As `seeing.data.target` has it; not taken from there, since its readers may want these ops."""


@takes_arrays("input", "target", "weight")
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = VOID,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """-log softmax(input) at the target class, over all elements that are not void.

    As `torch.nn.functional.cross_entropy`, with two deliberate differences: void is 255, and where all is void (or
    there is nothing) the mean is 0 with a gradient of 0. torch divides by the number of labels that count and gives
    NaN there, which one crop without a label is enough to bring into a whole training.

    Args:
        input: (C,), (N, C) or (N, C, d1, d2, ...) logits.
        target: int64 or uint8 classes 0..C-1 or `ignore_index`, shaped as input without C.
        weight: (C,) factors of the classes. The mean is then the weighted one.
        ignore_index: the label that does not count.
        reduction: "none" gives target's shape, void as 0; "mean"; "sum".
        label_smoothing: the part of each target's probability, in [0, 1], that is spread over all classes.

    Returns:
        The loss. It is exact for logits of any finite size.

    Raises:
        ValueError: if shapes or dtypes do not fit, a label is out of range, 255 is void and a class at once, the
            devices differ, or the reduction is unknown.

    Example:
        >>> logits = torch.tensor([[2.0, 2.0], [0.0, 100.0]])  # undecided, and sure
        >>> cross_entropy(logits, torch.tensor([0, 255]))  # log 2: the void label does not count
        tensor(0.6931)
    """
    check_reduction(reduction)
    check_class_labels(input, target, ignore_index, weight)
    if weight is not None:
        check_one_type(input=input, weight=weight)
        if weight.requires_grad and torch.is_grad_enabled():
            raise ValueError("weight must be without a gradient, which this loss does not give; pass weight.detach()")
    labels = target.long()
    if reduction != "mean":
        return F.cross_entropy(
            input, labels, weight, ignore_index=ignore_index, reduction=reduction, label_smoothing=label_smoothing
        )
    total = F.cross_entropy(
        input, labels, weight, ignore_index=ignore_index, reduction="sum", label_smoothing=label_smoothing
    )
    counts = labels != ignore_index
    count = counts.sum() if weight is None else (weight[labels.masked_fill(~counts, 0)] * counts).sum()
    return total / torch.where(count == 0, 1, count)
