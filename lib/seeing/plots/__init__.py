"""The figures of the book: one look for all of them, and small arrays drawn so that readers can count.

Functions take and return matplotlib Axes. Backgrounds are transparent, so that a page decides what lies behind.
"""

from seeing.plots.colours import (
    BLACK,
    BLUE,
    CLASS_COLOURS,
    GREEN,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILLION,
    YELLOW,
    class_colour,
)
from seeing.plots.figure import WIDTH, panels
from seeing.plots.label_map import label_map
from seeing.plots.matrix import matrix
from seeing.plots.picture import picture
from seeing.plots.scene import scene
from seeing.plots.signed_field import signed_field

__all__ = [
    "BLACK",
    "BLUE",
    "CLASS_COLOURS",
    "GREEN",
    "INK",
    "ORANGE",
    "PALE",
    "PURPLE",
    "SKY",
    "VERMILLION",
    "WIDTH",
    "YELLOW",
    "class_colour",
    "label_map",
    "matrix",
    "panels",
    "picture",
    "scene",
    "signed_field",
]
