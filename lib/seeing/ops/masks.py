"""Instance masks between their two homes: the whole image, and the small square that Mask R-CNN predicts for a box."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.kernels import backend
from seeing.ops.box_checks import check_proper_boxes
from seeing.ops.checks import check_one_device
from seeing.ops.roi_align import roi_align

FAR = 2**24
"""Pixels. Corners are cut off here, so that whole ones stay exact in float32."""


@takes_arrays("masks")
def masks_to_boxes(masks: Tensor, *, half_open: bool = False) -> Tensor:
    """The smallest box around each mask.

    As in torchvision, x2 and y2 are the last column and row of the mask. Everywhere else here boxes are half-open (a
    single pixel has width 1, not 0): ask for those with `half_open=True`.

    Args:
        masks: (N, H, W), any dtype; what is not 0 belongs to the mask.
        half_open: whether x2 and y2 are one past the last column and row.

    Returns:
        (N, 4) float32 xyxy pixels; an empty mask gives [0, 0, 0, 0].

    Raises:
        ValueError: if masks are not (N, H, W).

    Example:
        >>> mask = torch.zeros(1, 8, 8)
        >>> mask[0, 2:5, 1:7] = 1
        >>> masks_to_boxes(mask), masks_to_boxes(mask, half_open=True)
        (tensor([[1., 2., 6., 4.]]), tensor([[1., 2., 7., 5.]]))
    """
    if masks.dim() != 3:
        raise ValueError(f"masks must be (N, H, W); got {tuple(masks.shape)}")
    if masks.numel() == 0:
        return torch.zeros(len(masks), 4, device=masks.device)
    # As bytes: torch takes a maximum of them many times as fast as it takes `any` of booleans.
    hit = masks.bool().view(torch.uint8)
    columns, rows = hit.amax(dim=1), hit.amax(dim=2)
    x1, x2 = _first_and_last(columns)
    y1, y2 = _first_and_last(rows)
    boxes = torch.stack([x1, y1, x2 + half_open, y2 + half_open], dim=1)
    return boxes.float().masked_fill(rows.amax(dim=1, keepdim=True) == 0, 0)


@takes_arrays("masks", "boxes")
def paste_masks_in_image(masks: Tensor, boxes: Tensor, img_shape: tuple[int, int], padding: int = 1) -> Tensor:
    """Each predicted mask, resized to its box, at its place in an empty image.

    As torchvision does it: the mask gets a border of `padding` zeros and the box grows as much, so that the mask fades
    out at its edge; the box is cut down to whole pixels, its last row and column included; the resize is bilinear.
    What lies outside the image is lost (torchvision fails where nothing lies inside).

    Args:
        masks: (N, 1, M, M), floating point, probabilities as a rule.
        boxes: (N, 4) xyxy pixels, not degenerate as a rule; one of no size covers one pixel.
        img_shape: (height, width) of the image.
        padding: width of the border in the mask's own pixels, at least 0.

    Returns:
        (N, 1, height, width), dtype as masks. The gradient goes to the masks. An infinity or NaN in a mask may spread
        over its box, no farther.

    Raises:
        ValueError: if the shapes do not fit, masks are not floating point, a box is not proper, or the devices
            differ.

    Example:
        >>> paste_masks_in_image(torch.ones(1, 1, 4, 4), torch.tensor([[2.0, 1, 6, 5]]), (8, 8)).shape
        torch.Size([1, 1, 8, 8])

    Source: He et al., Mask R-CNN (2017), section 3.1, "Inference".
    """
    _check_paste(masks, boxes, img_shape, padding)
    height, width = img_shape
    padded = F.pad(masks[:, 0], (padding,) * 4)
    corners = _whole_corners(boxes, padded.shape[-1] / masks.shape[-1])
    if masks.dtype == torch.float32 and backend(masks, boxes) == "numba":
        from seeing.kernels.cpu.masks import paste as twin

        return twin(padded, corners, height, width)[:, None]
    x1, y1, x2, y2 = corners.unbind(1)
    rows, in_rows = _resize_weights(y1, y2, height, padded.shape[-1], masks.dtype)
    columns, in_columns = _resize_weights(x1, x2, width, padded.shape[-1], masks.dtype)
    image = rows @ padded @ columns.mT
    # The weights outside are 0 already, but 0 times an infinity is not.
    return image.masked_fill(~(in_rows[:, :, None] & in_columns[:, None]), 0)[:, None]


@takes_arrays("masks", "boxes", "indices")
def crop_masks(masks: Tensor, boxes: Tensor, size: int, indices: Tensor | None = None) -> Tensor:
    """The part of a mask inside each box, resized to a small square: what Mask R-CNN's mask head should predict.

    This is RoIAlign of the mask, not aligned and with as many samples as a bin has pixels, as torchvision does it.

    Args:
        masks: (M, H, W), any dtype; 1 belongs to the object.
        boxes: (N, 4) xyxy pixels, as a rule predicted ones.
        size: pixels a side of the square, at least 1.
        indices: (N,) int64, the mask of each box; as many masks as boxes, in the same order, if None.

    Returns:
        (N, size, size) float32 (float64 for masks in float64), the share of each bin that the mask covers.

    Raises:
        ValueError: if the shapes do not fit, a box is not proper, an index names no mask, or the devices differ.

    Example:
        >>> mask = torch.zeros(1, 8, 8)
        >>> mask[0, :, :4] = 1
        >>> crop_masks(mask, torch.tensor([[2.0, 2, 6, 6]]), size=2).round()  # the left half of the box
        tensor([[[1., 0.],
                 [1., 0.]]])

    Source: He et al., Mask R-CNN (2017), section 3.1, "Training".
    """
    if masks.dim() != 3:
        raise ValueError(f"masks must be (M, H, W); got {tuple(masks.shape)}")
    check_proper_boxes(boxes, "boxes", dim=2)
    if indices is None:
        indices = torch.arange(len(masks), device=boxes.device)
    check_one_device(masks=masks, boxes=boxes, indices=indices)
    if indices.shape != boxes.shape[:1] or indices.dtype != torch.int64:
        raise ValueError(
            f"there must be one int64 index or mask for each of {len(boxes)} boxes; "
            f"got {indices.dtype} {tuple(indices.shape)}"
        )
    values = masks if masks.dtype == torch.float64 else masks.float()
    if len(boxes) == 0:
        return values.new_zeros(0, size, size)
    rois = torch.cat([indices[:, None].to(values.dtype), boxes.to(values.dtype)], dim=1)
    return roi_align(values[:, None], rois, size)[:, 0]


def _first_and_last(hit: Tensor) -> tuple[Tensor, Tensor]:
    """(N,), (N,): the first and the last 1 of each row."""
    return hit.argmax(dim=1), hit.shape[1] - 1 - hit.flip(1).argmax(dim=1)


def _whole_corners(boxes: Tensor, scale: float) -> Tensor:
    """(N, 4) int64: the boxes `scale` times as large around their centres, cut towards 0 to whole pixels."""
    wide = boxes if boxes.dtype == torch.float64 else boxes.float()
    x1, y1, x2, y2 = wide.clamp(-FAR, FAR).unbind(1)
    half_width, half_height = (x2 - x1) * 0.5 * scale, (y2 - y1) * 0.5 * scale
    x, y = (x2 + x1) * 0.5, (y2 + y1) * 0.5
    grown = torch.stack([x - half_width, y - half_height, x + half_width, y + half_height], dim=1)
    return grown.clamp(-FAR, FAR).long()


def _resize_weights(start: Tensor, end: Tensor, length: int, cells: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Bilinear interpolation along one axis as a matrix: what each of the image's pixels takes from each mask cell.

    Args:
        start: (N,) first pixel of the box.
        end: (N,) its last pixel.
        length: L pixels of the image along this axis.
        cells: M cells of the mask.
        dtype: of the weights.

    Returns:
        The weights (N, L, M), 0 for a pixel outside the box; and (N, L), whether it is inside.
    """
    exact = torch.promote_types(dtype, torch.float32)
    pixel = (torch.arange(length, device=start.device) - start[:, None]).to(exact)
    size = (end - start + 1).clamp(min=1)[:, None].to(exact)
    inside = (pixel >= 0) & (pixel < size)
    position = ((pixel + 0.5) * (cells / size) - 0.5).clamp(0, cells - 1)  # in cells
    near = (1 - (position[..., None] - torch.arange(cells, device=start.device)).abs()).clamp(min=0)
    return (near * inside[..., None]).to(dtype), inside


def _check_paste(masks: Tensor, boxes: Tensor, img_shape: tuple[int, int], padding: int) -> None:
    square = masks.dim() == 4 and masks.shape[1] == 1 and masks.shape[2] == masks.shape[3] > 0
    if not square or not masks.is_floating_point():
        raise ValueError(
            f"masks must be floating point, (N, 1, M, M) with M over 0; got {masks.dtype} {tuple(masks.shape)}"
        )
    check_proper_boxes(boxes, "boxes", dim=2)
    check_one_device(masks=masks, boxes=boxes)
    if len(boxes) != len(masks):
        raise ValueError(f"there must be one box for each of {len(masks)} masks; got {len(boxes)}")
    if len(img_shape) != 2 or min(img_shape) < 0:
        raise ValueError(f"img_shape must be (height, width), each at least 0; got {tuple(img_shape)}")
    if padding < 0:
        raise ValueError(f"padding must be at least 0; got {padding}")
