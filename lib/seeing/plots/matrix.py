"""Small arrays, drawn so that readers can count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from seeing.plots.colours import BLUE, INK, ORANGE, PALE, VERMILLION
from seeing.renamed import renamed_arguments


@renamed_arguments(color="colour")
def matrix(
    ax: Axes,
    values: ArrayLike,
    title: str = "",
    *,
    mark: Sequence[tuple[int, int]] = (),
    window: tuple[int, int, int, int] | None = None,
    colour: str = BLUE,
    limit: float | None = None,
    numbers: bool = True,
) -> Axes:
    """Draw a small array as a grid of cells with the numbers in them; the larger a number, the darker its cell.

    Args:
        ax: where.
        values: (H, W) numbers; negative ones are drawn in vermillion, NaN as an empty cell.
        title: above the grid.
        mark: (row, column) of cells to outline.
        window: (row, column, height, width) of a rectangle to outline.
        colour: of the positive cells.
        limit: the absolute value drawn darkest; the largest of `values` if None.
        numbers: whether to write them; without, only the colours show.

    Returns:
        ax.
    """
    values = np.asarray(values, dtype=float)
    limit = limit or float(np.nanmax(np.abs(values), initial=0)) or 1.0
    size = _fitting_size(ax, values)
    for (row, column), value in np.ndenumerate(values):
        tint = colour if value >= 0 else VERMILLION
        alpha = 0.0 if np.isnan(value) else 0.55 * min(1.0, abs(value) / limit)
        ax.add_patch(Rectangle((column, row), 1, 1, facecolor=tint, alpha=alpha, linewidth=0))
        ax.add_patch(Rectangle((column, row), 1, 1, fill=False, edgecolor=PALE, linewidth=0.6))
        if numbers and not np.isnan(value):
            ax.text(column + 0.5, row + 0.5, f"{value:g}", ha="center", va="center", size=size, color=INK)
    if window:
        row, column, height, width = window
        ax.add_patch(Rectangle((column, row), width, height, fill=False, edgecolor=ORANGE, linewidth=3))
    for row, column in mark:
        ax.add_patch(Rectangle((column + 0.06, row + 0.06), 0.88, 0.88, fill=False, edgecolor=INK, linewidth=2))
    ax.set(xlim=(-0.05, values.shape[1] + 0.05), ylim=(values.shape[0] + 0.05, -0.05), aspect="equal", title=title)
    ax.axis("off")
    return ax


def _fitting_size(ax: Axes, values: np.ndarray) -> float:
    """The largest letters, up to 11 points, with which the longest number stays inside its cell."""
    cell_of_grid = ax.get_subplotspec()
    assert cell_of_grid is not None, "`panels` makes Axes of a grid"
    assert isinstance(ax.figure, Figure), "and of a whole figure"
    grid = cell_of_grid.get_gridspec()
    width, height = ax.figure.get_size_inches() / (grid.ncols, grid.nrows)
    rows, columns = (max(1, n) for n in values.shape)
    cell = 72 * min(0.9 * width / columns, (height - 0.35) / rows)  # points; the title takes a third of an inch
    longest = max((len(f"{value:g}") for value in values.flat), default=1)
    return min(11.0, cell / (0.65 * longest))
