"""Numbers for a figure that readers drag: written into the page by the cell that computed them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DraggedFigure:
    """The last line of a cell hands its numbers to the book's script of that name.

    In the built book the script puts sliders in the place of the picture `fig-<name>-drag`. Elsewhere, as in a
    notebook or without scripts, nothing of this is seen and the picture stays.

    Attributes:
        name: of the script, `drag_<name>.mjs`: small letters and underscores.
        numbers: what JSON can hold: dicts, lists, strings, finite numbers, bools, None.
    """

    name: str
    numbers: Any

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z_]+", self.name):
            raise ValueError(f"the name must be of small letters and underscores; got {self.name!r}")
        self._repr_html_()

    def _repr_html_(self) -> str:
        text = json.dumps(self.numbers, allow_nan=False).replace("</", r"<\/")  # "</script>" would end the element
        return f'<script type="application/json" data-drag="{self.name}">{text}</script>'

    def __repr__(self) -> str:
        return f"the numbers of the figure to drag, {self.name!r}"
