"""The figures of the book: one look for all of them, and small arrays drawn so that readers can count.

Functions take and return matplotlib Axes. Backgrounds are transparent, so that a page decides what lies behind.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from seeing.data.target import VOID

# Okabe and Ito's eight colours, told apart by colour-blind readers too.
BLUE, ORANGE, GREEN, VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, BLACK = "#CC79A7", "#56B4E9", "#F0E442", "#000000"
INK, PALE = "#222222", "#B8B8B8"

# A class has one colour on every page; a data set with more classes begins again with the second.
CLASS_COLOURS = "#E4E4E4", BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, YELLOW, BLACK

WIDTH = 5.2  # inches: wide enough for a page, and its 11 point letters are still readable on a phone

_STYLE = {
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


def panels(rows: int = 1, columns: int = 1, height: float = 1.8, **options) -> tuple[Figure, np.ndarray]:
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
    with plt.rc_context(_STYLE):
        axes = figure.subplots(rows, columns, squeeze=False, **options)
    return figure, axes.ravel()


def matrix(
    ax: Axes,
    values,
    title: str = "",
    *,
    mark: Sequence[tuple[int, int]] = (),
    window: tuple[int, int, int, int] | None = None,
    color: str = BLUE,
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
        color: of the positive cells.
        limit: the absolute value drawn darkest; the largest of `values` if None.
        numbers: whether to write them; without, only the colours show.

    Returns:
        ax.
    """
    values = np.asarray(values, dtype=float)
    limit = limit or float(np.nanmax(np.abs(values), initial=0)) or 1.0
    size = _fitting_size(ax, values)
    for (row, column), value in np.ndenumerate(values):
        tint = color if value >= 0 else VERMILLION
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


def picture(ax: Axes, image, title: str = "", *, limit: float | None = None) -> Axes:
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


def class_colour(label: int) -> str:
    """The colour of a class: pale grey for the background (0), Okabe and Ito's colours for all others."""
    label = int(label)
    return CLASS_COLOURS[0] if label == 0 else CLASS_COLOURS[1 + (label - 1) % (len(CLASS_COLOURS) - 1)]


def scene(
    ax: Axes, image, boxes=(), labels=(), *, names: Sequence[str] = (), title: str = "", linewidth: float = 2
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


def label_map(ax: Axes, labels, names: Sequence[str] = (), title: str = "") -> Axes:
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


def signed_field(ax: Axes, values, title: str = "", *, step: float = 2) -> Axes:
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


def _tag(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    """A name on a plate of a class's colour, its lower left corner at a place."""
    dark = colour in (YELLOW, ORANGE, SKY, PURPLE)
    plate = {"facecolor": colour, "edgecolor": "none", "pad": 1.5}
    ax.text(x, y, text, size=9, color=BLACK if dark else "white", va="bottom", ha="left", bbox=plate, clip_on=False)


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


def _fitting_size(ax: Axes, values: np.ndarray) -> float:
    """The largest letters, up to 11 points, with which the longest number stays inside its cell."""
    grid = ax.get_subplotspec().get_gridspec()
    width, height = ax.figure.get_size_inches() / (grid.ncols, grid.nrows)
    rows, columns = (max(1, n) for n in values.shape)
    cell = 72 * min(0.9 * width / columns, (height - 0.35) / rows)  # points; the title takes a third of an inch
    longest = max((len(f"{value:g}") for value in values.flat), default=1)
    return min(11.0, cell / (0.65 * longest))
