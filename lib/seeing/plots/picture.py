"""An image or a map, as it is."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from seeing.plots.colours import PALE


def picture(ax: Axes, image: ArrayLike, title: str = "", *, limit: float | None = None) -> Axes:
    """Show an image or a map without axes.

    Args:
        ax: where.
        image: (3, H, W) colours in [0, 1], or (H, W) numbers drawn from white (0) to black (`limit`).
        title: above it.
        limit: the number drawn black; the largest of `image` if None.

    Returns:
        ax.
    """
    image = np.asarray(image, dtype=float)
    if image.ndim == 3:
        ax.imshow(image.transpose(1, 2, 0), interpolation="nearest")
    else:
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=limit, interpolation="nearest")
    ax.set(xticks=[], yticks=[], title=title)
    for spine in ax.spines.values():
        spine.set(visible=True, color=PALE)
    return ax
