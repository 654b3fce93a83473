"""The colours of the book, the same for a class on every page."""

from __future__ import annotations

# Okabe and Ito's eight colours, told apart by colour-blind readers too.
BLUE, ORANGE, GREEN, VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, BLACK = "#CC79A7", "#56B4E9", "#F0E442", "#000000"
INK, PALE = "#222222", "#B8B8B8"

# A class has one colour on every page; a data set with more classes begins again with the second.
CLASS_COLOURS = "#E4E4E4", BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, YELLOW, BLACK


def class_colour(label: int) -> str:
    """The colour of a class: pale grey for the background (0), Okabe and Ito's colours for all others."""
    label = int(label)
    return CLASS_COLOURS[0] if label == 0 else CLASS_COLOURS[1 + (label - 1) % (len(CLASS_COLOURS) - 1)]
