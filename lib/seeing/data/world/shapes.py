"""Signed distances: how far a pixel is from the edge of a shape, negative inside; one formula for all four classes.

A mask is `distance < 0`, a soft edge is a ramp of the distance one pixel wide, a shadow a wider ramp.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

CLASSES = ("background", "disc", "triangle", "square", "star")


class Outline(NamedTuple):
    """A star with rounded corners, in units of its own radius; everything the world shows is one.

    Attributes:
        points: how many tips, 3 to 9.
        inner: distance of the notches from the centre; at cos(pi / points) the notch vanishes: a regular polygon.
        roundness: 0: sharp corners; 1: a disc, whatever the points.
    """

    points: float
    inner: float
    roundness: float


OUTLINES = {
    "disc": Outline(3, 0.5, 1.0),
    "triangle": Outline(3, 0.5, 0.0),
    "square": Outline(4, math.sqrt(0.5), 0.0),
    "star": Outline(5, 0.45, 0.0),
}


def rotation(angle: Tensor) -> Tensor:
    """(..., 2, 2) matrices that turn by `angle` radians, (...,): from the y axis towards the x axis."""
    cos, sin = angle.cos(), angle.sin()
    return torch.stack([torch.stack([cos, sin], -1), torch.stack([-sin, cos], -1)], -2)


def coordinates(frame: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """A matrix for each image times every place of a grid.

    Args:
        frame: (N, 2, 2).
        x: (N, W) places of the columns.
        y: (N, H) places of the rows.

    Returns:
        u and v, each (N, H, W).
    """
    u, v = ((row[:, :1] * x)[:, None, :] + (row[:, 1:] * y)[:, :, None] for row in frame.unbind(1))
    return u, v


def star_distance(x: Tensor, y: Tensor, points: Tensor, outer: Tensor, inner: Tensor) -> Tensor:
    """Signed distance to a star around the origin, one tip up the y axis: exact everywhere, negative inside.

    The plane is folded along the star's mirror lines like a sheet of paper, until all its edges lie on top of each
    other. A fold changes no distance to the star, and one edge is left to measure.

    Args:
        x: (...,) pixels from the centre. All arguments broadcast.
        y: as x.
        points: how many tips, 3 to 9.
        outer: distance of the tips from the centre, pixels, 0 or more.
        inner: distance of the notches; outer * cos(pi / points) makes a regular polygon. With outer = inner = 0
            the star is a point, and its distance minus a radius is a disc.

    Returns:
        (...,) pixels.

    Source: the fold and the distance to a segment are in Quilez, 2D distance functions,
        https://iquilezles.org/articles/distfunctions2d, there for five points.
    """
    sector = math.pi / points  # half the angle between two tips
    x = x.abs()
    for angle in (3 * sector, sector):  # two folds are enough for nine tips
        x, y = _fold(x, y, angle)
    y = y - outer  # from here on seen from the tip
    # The edge: the way from the tip to the notch.
    edge_x, edge_y = inner * sector.sin(), inner * sector.cos() - outer
    length2 = (edge_x * edge_x + edge_y * edge_y).clamp(min=1e-20)
    along = torch.addcmul(x * (edge_x / length2), y, edge_y / length2).clamp_(0, 1)
    near_x = torch.addcmul(x, along, edge_x, value=-1)
    near_y = torch.addcmul(y, along, edge_y, value=-1)
    distance = torch.addcmul(near_x * near_x, near_y, near_y).sqrt_()
    side = torch.addcmul(y * edge_x, x, edge_y, value=-1)
    # + 0.0: the -0 of a point without edges must count as outside.
    return distance.copysign(side + 0.0)


def rounded_star_distance(
    x: Tensor, y: Tensor, points: Tensor, outer: Tensor, inner: Tensor, roundness: Tensor
) -> Tensor:
    """Signed distance to a star of the same reach whose corners are arcs.

    Args:
        x: (...,) pixels, as for `star_distance`; so are y, points, outer and inner.
        y: as x.
        points: of the star.
        outer: of the sharp star, pixels.
        inner: of the sharp star, pixels.
        roundness: 0 to 1. The star shrinks by this share and is padded by as many pixels; 1 makes a disc.

    Returns:
        (...,) pixels. Exact outside. Inside it is exact too, but near the notches of a star, where the padding of two
        edges overlaps: there a place lies at least as deep as this.
    """
    core = 1 - roundness
    return star_distance(x, y, points, outer * core, inner * core) - outer * roundness


def rounded_star_area(points: Tensor, inner: Tensor, roundness: Tensor) -> Tensor:
    """Area of a rounded star of outer radius 1; an upper bound where rounded notches overlap, else exact."""
    core, sector = 1 - roundness, math.pi / points
    inside = points * inner * sector.sin() * core**2
    edge = ((inner * sector.sin()) ** 2 + (inner * sector.cos() - 1) ** 2).sqrt() * core
    return inside + 2 * points * edge * roundness + math.pi * roundness**2


def stroke_distance(x: Tensor, y: Tensor, length: Tensor, width: Tensor) -> Tensor:
    """Signed distance to a bar with round ends on the x axis.

    Args:
        x: (...,) pixels from its middle. All arguments broadcast.
        y: as x.
        length: of its middle line, pixels.
        width: pixels.

    Returns:
        (...,) pixels, exact.
    """
    past = (x.abs() - length / 2).clamp_(min=0)  # beyond the end of the middle line
    return torch.addcmul(y * y, past, past).sqrt_() - width / 2


def _fold(x: Tensor, y: Tensor, angle: Tensor) -> tuple[Tensor, Tensor]:
    """Mirror what lies beyond the line at `angle` from the y axis, then what lies left of the y axis."""
    normal_x, normal_y = angle.cos(), -angle.sin()
    beyond = torch.addcmul(x * normal_x, y, normal_y).clamp_(min=0)
    x = torch.addcmul(x, beyond, normal_x, value=-2).abs_()
    return x, torch.addcmul(y, beyond, normal_y, value=-2)
