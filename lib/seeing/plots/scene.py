"""An image with the boxes of its objects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from seeing.plots.colours import BLACK, ORANGE, PURPLE, SKY, YELLOW, class_colour
from seeing.plots.picture import picture


def scene(
    ax: Axes,
    image: ArrayLike,
    boxes: ArrayLike = (),
    labels: ArrayLike = (),
    *,
    names: Sequence[str] = (),
    title: str = "",
    linewidth: float = 2,
) -> Axes:
    """Show an image with a box around each object, in the colour of its class.

    Args:
        ax: where.
        image: (3, H, W) colours in [0, 1], or (H, W).
        boxes: (N, 4) xyxy pixels, half-open.
        labels: (N,) classes, one for each box; slots of class 0 are left out.
        names: of the classes, background first, to be written at the boxes; () writes nothing.
        title: above it.
        linewidth: of the boxes, in points.

    Returns:
        ax.

    Raises:
        ValueError: if boxes and labels differ in number.
    """
    boxes, labels = np.asarray(boxes, dtype=float).reshape(-1, 4), np.asarray(labels, dtype=int).ravel()
    if len(boxes) != len(labels):
        raise ValueError(f"one label for each box was expected; got {len(boxes)} boxes and {len(labels)} labels")
    picture(ax, image, title)
    for (left, top, right, bottom), label in zip(boxes - 0.5, labels, strict=True):  # pixel 0 is drawn around 0
        if label == 0:
            continue
        colour = class_colour(label)
        halo = withStroke(linewidth=linewidth + 1.5, foreground="white")
        box = Rectangle((left, top), right - left, bottom - top, fill=False, edgecolor=colour, linewidth=linewidth)
        box.set_path_effects([halo])
        ax.add_patch(box)
        if len(names):
            _tag(ax, left, max(top, 0), names[label], colour)
    return ax


def _tag(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    """A name on a plate of a class's colour, its lower left corner at a place."""
    dark = colour in (YELLOW, ORANGE, SKY, PURPLE)
    plate = {"facecolor": colour, "edgecolor": "none", "pad": 1.5}
    ax.text(x, y, text, size=9, color=BLACK if dark else "white", va="bottom", ha="left", bbox=plate, clip_on=False)
