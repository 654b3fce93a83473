"""Which anchors count in a loss, where background outnumbers objects a thousand to one."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.arrays import takes_arrays


@takes_arrays("loss", "positive", "ignored")
def hard_negative_mining(loss: Tensor, positive: Tensor, ratio: float = 3.0, ignored: Tensor | None = None) -> Tensor:
    """SSD's choice: in each image, the background anchors with the highest loss, `ratio` of them for each object.

    Args:
        loss: (..., N), each anchor's classification loss; a row is an image. Of equal losses the first anchor counts.
        positive: (..., N) bool, the anchors matched to an object.
        ratio: negatives for each positive, at least 0; a fraction is rounded up.
        ignored: (..., N) bool, anchors that must not be chosen; none if None.

    Returns:
        (..., N) bool, the chosen negatives: never a positive. An image without positives has none.

    Raises:
        ValueError: if the shapes or dtypes do not fit, or the ratio is negative.

    Example:
        >>> positive = torch.tensor([True, False, False, False])
        >>> hard_negative_mining(torch.tensor([0.1, 0.9, 0.2, 0.8]), positive, ratio=2)
        tensor([False,  True, False,  True])

    Source: Liu et al., SSD (2016), section 2.2, "Hard negative mining".
    """
    if not loss.is_floating_point() or not loss.dim():
        raise ValueError(f"loss must be floating point, (..., N); got {loss.dtype} {tuple(loss.shape)}")
    for name, mask in (("positive", positive), ("ignored", ignored)):
        if mask is not None and (mask.shape != loss.shape or mask.dtype != torch.bool):
            raise ValueError(
                f"{name} must be bool, shaped as loss, {tuple(loss.shape)}; got {mask.dtype} {tuple(mask.shape)}"
            )
    if not ratio >= 0:
        raise ValueError(f"ratio must be at least 0; got {ratio}")
    out = positive if ignored is None else positive | ignored
    order = loss.detach().masked_fill(out, -torch.inf).argsort(dim=-1, descending=True, stable=True)
    positions = torch.arange(loss.shape[-1], device=loss.device).expand_as(order)
    rank = torch.empty_like(order).scatter_(-1, order, positions)
    return (rank < ratio * positive.sum(dim=-1, keepdim=True)) & ~out


@takes_arrays("matches")
def balanced_sample(
    matches: Tensor, num: int, positive_fraction: float, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """The choice of R-CNN and the RPN: a fixed number of anchors by chance, at most a fixed part of them positive.

    Negatives fill the places that positives leave free. Where there are too few negatives the sample is smaller.

    Args:
        matches: (N,) int64: an object's index for a positive, -1 for a negative, -2 for an ignored anchor.
        num: size of the sample, at least 0.
        positive_fraction: the greatest part of `num` that is positive, in [0, 1]; rounded down to whole anchors.
        generator: where the chance comes from; it may live on the CPU while matches are on a GPU.

    Returns:
        The chosen positives and the chosen negatives: int64 indices into matches, ascending.

    Raises:
        ValueError: if matches are not an int64 vector with values of at least -2, or a number is out of its range.

    Example:
        >>> matches = torch.tensor([0, -1, -1, -2, -1])
        >>> positives, negatives = balanced_sample(matches, num=4, positive_fraction=0.5)
        >>> positives, negatives  # one positive is all there is; three negatives fill up
        (tensor([0]), tensor([1, 2, 4]))

    Source: Girshick, Fast R-CNN (2015), section 2.3, "Mini-batch sampling"; Ren et al., Faster R-CNN (2015), 3.1.3.
    """
    if matches.dim() != 1 or matches.dtype != torch.int64:
        raise ValueError(f"matches must be (N,) int64; got {matches.dtype} {tuple(matches.shape)}")
    if len(matches) and int(matches.min()) < -2:
        raise ValueError(f"matches must be -2 (ignored), -1 (background) or an index; got {int(matches.min())}")
    if num < 0 or not 0 <= positive_fraction <= 1:
        raise ValueError(f"num must be at least 0 and positive_fraction in [0, 1]; got {num} and {positive_fraction}")
    positives = _some(torch.where(matches >= 0)[0], int(num * positive_fraction), generator)
    negatives = _some(torch.where(matches == -1)[0], num - len(positives), generator)
    return positives, negatives


def _some(indices: Tensor, count: int, generator: torch.Generator | None) -> Tensor:
    """`count` of the indices by chance, or all if there are fewer; ascending."""
    device = indices.device if generator is None else generator.device
    order = torch.randperm(len(indices), generator=generator, device=device)[:count]
    return indices[order.to(indices.device)].sort().values
