"""Which cell of YOLO's grid learns which object, and which of the cell's boxes is responsible for it."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.models.detection.objects import Objects
from seeing.ops.boxes import cxcywh_to_xyxy

SMALLEST = 0.005
"""An object less wide or high than this part of the image is left out, as darknet does."""


def cell_owners(objects: Objects, grid: tuple[int, int], image_size: tuple[int, int]) -> Tensor:
    """The object of each cell: the one whose centre lies in it, and of several the first.

    Args:
        objects: of N images.
        grid: (rows, columns).
        image_size: (height, width) in pixels. A centre on a line between two cells belongs to the later one, on the
            image's border to the last.

    Returns:
        (N, rows columns) int64: the slot of the object, -1 for a cell without one.
    """
    (rows, columns), (height, width) = grid, image_size
    boxes, slots = objects.boxes, objects.boxes.shape[1]
    x, y = (boxes[..., 0] + boxes[..., 2]) / 2, (boxes[..., 1] + boxes[..., 3]) / 2  # (N, M)
    column = (x / width * columns).long().clamp(0, columns - 1)
    row = (y / height * rows).long().clamp(0, rows - 1)
    least = torch.tensor([width, height], device=boxes.device) * SMALLEST
    counts = objects.real & ((boxes[..., 2:] - boxes[..., :2]) >= least).all(-1)  # (N, M)
    slot = torch.arange(slots, device=boxes.device).expand_as(column).masked_fill(~counts, slots)
    owner = slot.new_full((len(boxes), rows * columns), slots)
    owner = owner.scatter_reduce(1, row * columns + column, slot, "amin")
    return owner.masked_fill(owner == slots, -1)


def cells_in_crowds(objects: Objects, grid: tuple[int, int], image_size: tuple[int, int]) -> Tensor:
    """(N, rows columns) bool: the cells whose middle lies in a region of which nothing is to be learned."""
    (rows, columns), (height, width) = grid, image_size
    y = (torch.arange(rows, device=objects.boxes.device) + 0.5) * (height / rows)
    x = (torch.arange(columns, device=objects.boxes.device) + 0.5) * (width / columns)
    middle = torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], dim=-1).view(-1, 1, 2)  # (S S, 1, 2)
    boxes = objects.boxes[:, None]  # (N, 1, M, 4)
    inside = ((middle >= boxes[..., :2]) & (middle < boxes[..., 2:])).all(-1)  # (N, S S, M)
    return (inside & objects.crowd[:, None]).any(-1)


def in_cells(boxes: Tensor, cells: Tensor, grid: tuple[int, int], image_size: tuple[int, int]) -> Tensor:
    """Boxes as the network is to write them, each seen from its cell.

    Args:
        boxes: (P, 4) xyxy pixels.
        cells: (P,) int64, row times columns plus column.
        grid: (rows, columns).
        image_size: (height, width) in pixels.

    Returns:
        (P, 4): x and y of the centre as parts of the cell, the roots of width and height as parts of the image.
    """
    corner, count, size = _corners(boxes, cells, grid, image_size)
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2 / size * count - corner
    return torch.cat([centre, ((boxes[:, 2:] - boxes[:, :2]) / size).sqrt()], dim=1)


def from_cells(parts: Tensor, cells: Tensor, grid: tuple[int, int], image_size: tuple[int, int]) -> Tensor:
    """(P, 4) xyxy pixels: the inverse of `in_cells`; a negative root counts by its square."""
    corner, count, size = _corners(parts, cells, grid, image_size)
    centre, sides = (corner + parts[:, :2]) / count * size, parts[:, 2:].square() * size
    return cxcywh_to_xyxy(torch.cat([centre, sides], dim=1))


def _corners(
    like: Tensor, cells: Tensor, grid: tuple[int, int], image_size: tuple[int, int]
) -> tuple[Tensor, Tensor, Tensor]:
    """(P, 2) column and row of each cell; (2,) columns and rows; (2,) width and height."""
    (rows, columns), (height, width) = grid, image_size
    corner = torch.stack([cells % columns, cells // columns], dim=1).to(like)
    return corner, like.new_tensor([columns, rows]), like.new_tensor([width, height])


def responsible_boxes(boxes: Tensor, truth: Tensor, grid: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Of each cell's boxes the one with the highest IoU; while none overlaps the object, the one nearest to it.

    Args:
        boxes: (P, B, 4): x and y as parts of the cell, roots of width and height as parts of the image.
        truth: (P, 4), the same of the object.
        grid: (rows, columns).

    Returns:
        (P,) int64, the box, of equal ones the first; and (P,) its IoU with the object.

    Source: darknet's detection_layer.c: "nearest" is the root of the summed squares of the four differences.
    """
    cells = truth.new_tensor([grid[1], grid[0]])

    def in_image(part: Tensor) -> tuple[Tensor, Tensor]:
        """Centre and size as parts of the image; the corner of the cell is left out of both."""
        return part[..., :2] / cells, part[..., 2:].square()

    (centre, size), (true_centre, true_size) = in_image(boxes), in_image(truth[:, None])
    low = torch.maximum(centre - size / 2, true_centre - true_size / 2)
    high = torch.minimum(centre + size / 2, true_centre + true_size / 2)
    shared = (high - low).clamp(min=0).prod(-1)  # (P, B)
    union = size.prod(-1) + true_size.prod(-1) - shared
    iou = torch.where(union > 0, shared / union, 0)
    distance = ((centre - true_centre).square().sum(-1) + (size - true_size).square().sum(-1)).sqrt()
    touching = (iou > 0).any(1)  # (P,)
    best = torch.where(touching, iou.argmax(1), distance.argmin(1))
    return best, iou.gather(1, best[:, None])[:, 0]
