"""Where the numbers of a page come from: one folded note at its end instead of log lines between its sentences."""

from __future__ import annotations

from html import escape
from typing import Any


class Provenance:
    """Collects what a page took from a record and what it compared, and is the last thing the page shows.

    Args:
        records: as `seeing.recorded.load` gives them; each names the command that made it.

    Example:
        >>> provenance = Provenance({"command": "python book/_experiments/fairness_compas.py"})
        >>> provenance.compared("six rates", "COMPAS")
        >>> provenance
        Where the numbers of this page come from
        - recorded by `python book/_experiments/fairness_compas.py`
        - six rates: equal to what COMPAS gives, computed when this page was built
    """

    def __init__(self, *records: dict[str, Any]):
        self._recorded = [f"recorded by `{record['command']}`" for record in records]
        self._compared: list[str] = []

    def compared(self, what: str, data: str) -> None:
        """Say that recorded numbers were held against the data and agreed. Call it after the assertion.

        Args:
            what: the numbers: "six rates".
            data: what they were computed from anew: "COMPAS".
        """
        self._compared.append(f"{what}: equal to what {data} gives, computed when this page was built")

    def not_compared(self, what: str, data: str) -> None:
        """Say that the data was not at hand where the page was built.

        Args:
            what: the numbers that stay as recorded.
            data: what is missing.
        """
        self._compared.append(f"{what}: as recorded; {data} was not at hand when this page was built")

    def _lines(self) -> list[str]:
        return self._recorded + self._compared

    def _repr_html_(self) -> str:
        lines = "\n".join(f"<li>{_code(line)}</li>" for line in self._lines())
        summary = "<summary>Where the numbers of this page come from</summary>"
        return f'<details class="admonition provenance">{summary}<section><ul>\n{lines}\n</ul></section></details>'

    def __repr__(self) -> str:
        return "\n".join(["Where the numbers of this page come from", *(f"- {line}" for line in self._lines())])


def _code(line: str) -> str:
    """HTML of a line whose parts between backticks are code."""
    parts = [escape(part) for part in line.split("`")]
    return "".join(f"<code>{part}</code>" if k % 2 else part for k, part in enumerate(parts))
