"""The frame of every figure: one width, one style, transparent."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from seeing.plots.colours import INK

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

WIDTH = 5.2  # inches: wide enough for a page, and its 11 point letters are still readable on a phone

_STYLE: dict[RcKeyType, Any] = {
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.facecolor": "none",
}


def panels(rows: int = 1, columns: int = 1, height: float = 1.8, **options: Any) -> tuple[Figure, np.ndarray]:
    """A figure of the book's width with a grid of Axes.

    Args:
        rows: of the grid.
        columns: of the grid.
        height: of one row, in inches.
        options: handed on to `Figure.subplots`.

    Returns:
        The figure, and its Axes as a flat array, row by row.
    """
    # The figure is made outside the style: a notebook switches its drawing on with the first figure, and the end of
    # the style's block would switch it off again.
    figure = plt.figure(figsize=(WIDTH, rows * height), dpi=144, facecolor="none", layout="constrained")
    _twice_as_sharp()
    with plt.rc_context(_STYLE):
        axes = figure.subplots(rows, columns, squeeze=False, **options)
    return figure, axes.ravel()


def _twice_as_sharp() -> None:
    """Let a notebook draw twice the dots, 288 an inch, at the same size, unless its reader chose a format."""
    config = sys.modules.get("matplotlib_inline.config")  # loaded where a notebook draws, nowhere else
    if config is None or not config.InlineBackend.initialized():
        return
    backend = config.InlineBackend.instance()
    if backend.shell is not None and backend.figure_formats == {"png"}:
        backend.figure_formats = {"retina"}
