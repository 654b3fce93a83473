"""A signed distance, with its lines of equal distance."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike

from seeing.plots.colours import BLUE, INK, ORANGE
from seeing.plots.picture import picture


def signed_field(ax: Axes, values: ArrayLike, title: str = "", *, step: float = 2) -> Axes:
    """Show a signed distance as a map with lines of equal distance: blue inside, orange outside, the edge in black.

    Args:
        ax: where.
        values: (H, W) signed distances, in pixels.
        title: above it.
        step: distance from one line to the next.

    Returns:
        ax.
    """
    values = np.asarray(values, dtype=float)
    limit = np.abs(values).max(initial=step)
    shade = 0.15 + 0.7 * np.abs(values)[..., None] / limit
    colours = np.where(values[..., None] < 0, to_rgb(BLUE), to_rgb(ORANGE))
    picture(ax, (1 - shade * (1 - colours)).transpose(2, 0, 1), title)
    levels = np.arange(-limit // step, limit // step + 1) * step
    ax.contour(values, levels=levels, colors="white", linewidths=0.7, linestyles="solid")
    ax.contour(values, levels=[0], colors=INK, linewidths=2)
    return ax
