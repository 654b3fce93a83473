"""The class of each pixel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from seeing.data.target import VOID
from seeing.plots.colours import INK, class_colour
from seeing.plots.picture import picture


def label_map(ax: Axes, labels: ArrayLike, names: Sequence[str] = (), title: str = "") -> Axes:
    """Show the class of each pixel in the colour of the class; void (255) is hatched.

    Args:
        ax: where.
        labels: (H, W) whole numbers, 0 for the background, 255 for void.
        names: of the classes, background first, each written once on its largest patch; () writes nothing.
        title: above it.

    Returns:
        ax.
    """
    labels = np.asarray(labels)
    colours = np.zeros((*labels.shape, 3))
    for label in np.unique(labels):
        colours[labels == label] = to_rgb(class_colour(label))
    rows, columns = np.indices(labels.shape)
    stripe = max(2, round(max(labels.shape, default=0) / 32))  # pixels
    hatch = np.where((rows + columns) // stripe % 2, 0.45, 0.8)[..., None]
    picture(ax, np.where((labels == VOID)[..., None], hatch, colours).transpose(2, 0, 1), title)
    for label in np.unique(labels):
        if 0 < label < len(names):
            row, column = _middle(labels == label)
            _written(ax, column, row, names[label])
    return ax


def _written(ax: Axes, x: float, y: float, text: str) -> None:
    """A name that can be read on any ground."""
    halo = withStroke(linewidth=2.5, foreground="white")
    ax.text(x, y, text, size=9, color=INK, va="center", ha="center", path_effects=[halo])


def _middle(mask: np.ndarray) -> tuple[int, int]:
    """Row and column of a pixel of the mask that is about as far from its border as any."""
    while True:
        padded = np.pad(mask, 1)
        smaller = mask & padded[2:, 1:-1] & padded[:-2, 1:-1] & padded[1:-1, 2:] & padded[1:-1, :-2]
        if not smaller.any():
            places = np.argwhere(mask)
            return tuple(places[len(places) // 2])
        mask = smaller
