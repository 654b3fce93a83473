"""RoIAlign on a feature pyramid: small boxes are read from fine maps, large ones from coarse maps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.box_checks import check_box_shape
from seeing.ops.roi_align import roi_align
from seeing.ops.rois import boxes_to_rois, check_rois
from seeing.ops.window import IntOrPair, pair


@takes_arrays(each=("features", "boxes"))
def multiscale_roi_align(
    features: Mapping[str, Tensor] | Sequence[Tensor],
    boxes: Sequence[Tensor],
    image_sizes: Sequence[tuple[int, int]],
    output_size: IntOrPair,
    sampling_ratio: int = 2,
    aligned: bool = False,
    *,
    canonical_scale: int = 224,
    canonical_level: int = 4,
) -> Tensor:
    """RoIAlign of each box on the level of the pyramid that fits its size.

    Equal to `torchvision.ops.MultiScaleRoIAlign(names, output_size, sampling_ratio)(features, boxes, image_sizes)`.

    Args:
        features: the maps (N, C, H, W), finest first, each next one half as large; of a mapping, its values.
        boxes: for each image (L, 4), xyxy in pixels of the image.
        image_sizes: (H, W) of each image, before they were padded to one size. The largest height among them tells
            each map's stride, which is taken to be a power of 2.
        output_size: bins along y and x, (P, Q).
        sampling_ratio: as in `roi_align`.
        aligned: as in `roi_align`.
        canonical_scale: the side of a square box, in pixels, that belongs on `canonical_level`.
        canonical_level: the base-2 logarithm of that level's stride.

    Returns:
        (K, C, P, Q), K the number of all boxes, image by image. No boxes give no rows.

    Raises:
        ValueError: if there is no map or no image, the maps differ in N, C or type or do not halve, or a box is
            refused by `roi_align`.

    Example:
        >>> fine, coarse = torch.full((1, 1, 64, 64), 1.0), torch.full((1, 1, 32, 32), 2.0)
        >>> boxes = [torch.tensor([[0.0, 0, 30, 30], [0, 0, 250, 250]])]
        >>> multiscale_roi_align([fine, coarse], boxes, [(256, 256)], 1, canonical_level=3).flatten()
        tensor([1., 2.])

    Source: Lin et al., Feature pyramid networks for object detection (2017), section 4.2, equation 1.
    """
    maps = list(features.values() if isinstance(features, Mapping) else features)
    if not maps or not image_sizes:
        raise ValueError(f"at least one map and one image are needed; got {len(maps)} and {len(image_sizes)}")
    if any(
        m.dim() != 4 or 0 in m.shape[2:] or m.shape[:2] != maps[0].shape[:2] or m.dtype != maps[0].dtype for m in maps
    ):
        raise ValueError(
            "maps must be (N, C, H, W) with at least one pixel, and agree in N, C and type; "
            f"got {[(tuple(m.shape), m.dtype) for m in maps]}"
        )
    size, rois = pair(output_size, "output_size", 1), boxes_to_rois(boxes, maps[0])
    check_rois(rois, len(maps[0]))
    height = max(height for height, _ in image_sizes)
    strides = [round(math.log2(height / m.shape[2])) for m in maps]  # as powers of 2
    if not 0 <= strides[-1] - strides[0] < len(maps):
        sizes = [tuple(m.shape[2:]) for m in maps]
        raise ValueError(f"maps must come finest first, each half as large as the one before; got {sizes}")
    levels = fpn_levels(rois[:, 1:], strides[0], strides[-1], canonical_scale, canonical_level)  # (K,)
    parts, order = [], []
    for level, (stride, m) in enumerate(zip(strides, maps, strict=True), strides[0]):
        chosen = (levels == level).nonzero()[:, 0]
        order.append(chosen)
        parts.append(roi_align(m, rois[chosen], size, 2.0**-stride, sampling_ratio, aligned))  # (k, C, P, Q)
    return torch.cat(parts)[torch.cat(order).argsort()]  # (K, C, P, Q)


@takes_arrays("boxes")
def fpn_levels(
    boxes: Tensor, lowest: int, highest: int, canonical_scale: int = 224, canonical_level: int = 4
) -> Tensor:
    """The pyramid level of each box: floor(k0 + log2(sqrt(w h) / s0)), held within the levels there are.

    Args:
        boxes: (K, 4), xyxy in pixels of the image.
        lowest: the finest level there is: 2 for a map of stride 4.
        highest: the coarsest.
        canonical_scale: s0 in pixels.
        canonical_level: k0.

    Returns:
        (K,) int64. A box without area is on the lowest level.

    Raises:
        ValueError: if boxes is not (K, 4).

    Example:
        >>> boxes = torch.tensor([[0.0, 0, 224, 224], [0, 0, 112, 112], [0, 0, 4, 4]])
        >>> fpn_levels(boxes, lowest=2, highest=5)  # half as large, one level finer
        tensor([4, 3, 2])

    Source: Lin et al. (2017), equation 1. As torchvision does, 1e-6 is added before rounding down: a box of
        exactly s0 pixels must not lose its level to the logarithm's last digit.
    """
    check_box_shape(boxes, dim=2)
    side = ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).sqrt()
    level = torch.floor(canonical_level + torch.log2(side / canonical_scale) + 1e-6)
    return level.clamp(lowest, highest).long()
