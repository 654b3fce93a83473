"""A table of results: numbers in, a real table out, in the page, in a notebook and as text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

MADE = {
    "live": "computed by this page when the book was built",
    "recorded": "computed beforehand by the command at the end of this page",
    "published": "as printed in the source that the page names",
}

UNDEFINED = "undefined"  # how a table writes NaN


@dataclass(frozen=True)
class Table:
    """A caption, heads and rows, of which the first column says what a row is about.

    Attributes:
        caption: one sentence; what the table says.
        heads: name of each column and the format of its numbers, as for `format`: `{"group": "", "rate": ".3f"}`.
        rows: a cell for each head: text, numbers, or None for nothing.
        made: "live", "recorded" or "published", of all numbers, or of some columns each: `{"printed": "published"}`.
        verdict: the name of the column that says what to make of a row. It stands next to the first column, where a
            phone shows it.
    """

    caption: str
    heads: Mapping[str, str]
    rows: Sequence[Sequence[Any]]
    made: str | Mapping[str, str] = "live"
    verdict: str | None = None

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.heads):
                raise ValueError(f"a row needs {len(self.heads)} cells, {', '.join(self.heads)}; got {list(row)}")
        marks: Sequence[tuple[str | None, str]] = (
            [(None, self.made)] if isinstance(self.made, str) else list(self.made.items())
        )
        for head, mark in marks:
            if mark not in MADE:
                raise ValueError(f"numbers are {', '.join(MADE)}; got {mark!r}")
            if head is not None and head not in self.heads:
                raise ValueError(f"no column is named {head!r}; there are {', '.join(self.heads)}")
        if self.verdict is not None and self.verdict not in list(self.heads)[1:]:
            raise ValueError(f"the verdict must be a column after the first, got {self.verdict!r}")

    @property
    def order(self) -> list[int]:
        """The columns as shown: the first, the verdict if there is one, the others."""
        columns = list(range(len(self.heads)))
        if self.verdict is not None:
            columns.insert(1, columns.pop(list(self.heads).index(self.verdict)))
        return columns

    def shown(self) -> list[list[str]]:
        """The cells of each row as text, in the order of `heads`."""
        return [[written(cell, form) for cell, form in zip(row, self.heads.values(), strict=True)] for row in self.rows]

    def _repr_html_(self) -> str:
        names = list(self.heads)
        looks = [self._look(k) for k in range(len(names))]
        heads = [f'<th scope="col"{looks[k]}>{escape(names[k])}{self._mark(names[k])}</th>' for k in self.order]
        body = []
        for row in self.shown():
            first, *others = self.order
            cells = "".join(f"<td{looks[k]}>{escape(row[k])}</td>" for k in others)
            body.append(f'<tr><th scope="row">{escape(row[first])}</th>{cells}</tr>')
        lines = "\n".join(body)
        return (
            '<div class="pst-scrollable-table-container results"><table class="table">\n'
            f"<caption>{escape(self.caption)}{self._mark(None)}</caption>\n"
            f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>\n{lines}\n</tbody></table></div>"
        )

    def __repr__(self) -> str:
        names = [name + (f" ({self._made(name)})" if self._made(name) else "") for name in self.heads]
        lines = [[line[k] for k in self.order] for line in [names, *self.shown()]]
        columns = []
        for k, column in zip(self.order, zip(*lines, strict=True), strict=True):
            flush, wide = str.rjust if self._numbers(k) else str.ljust, max(map(len, column))
            columns.append([flush(cell, wide) for cell in column])
        title = self.caption + (f" ({self.made})" if isinstance(self.made, str) else "")
        return "\n".join([title, *("  ".join(line).rstrip() for line in zip(*columns, strict=True))])

    def _numbers(self, column: int) -> bool:
        """Whether a column holds nothing but numbers, which are flush right."""
        cells = [row[column] for row in self.shown() if row[column] not in ("", UNDEFINED)]
        return column > 0 and bool(cells) and all(re.fullmatch(r"[+-]?[\d.,]+%?", cell) for cell in cells)

    def _look(self, column: int) -> str:
        """The classes of a column's cells."""
        names = ["number"] * self._numbers(column) + ["verdict"] * (list(self.heads)[column] == self.verdict)
        return f' class="{" ".join(names)}"' if names else ""

    def _made(self, head: str | None) -> str | None:
        """How the numbers of a column were made, or with None those of the whole table."""
        if isinstance(self.made, str):
            return self.made if head is None else None
        return self.made.get(head) if head is not None else None

    def _mark(self, head: str | None) -> str:
        made = self._made(head)
        return f' <span class="made made-{made}" title="{MADE[made]}">{made}</span>' if made else ""


def table(
    caption: str,
    heads: Mapping[str, str] | Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    made: str | Mapping[str, str] = "live",
    verdict: str | None = None,
) -> Table:
    """A table of results, to be the last line of a cell.

    Args:
        caption: one sentence; what the table says.
        heads: the columns' names, and where there are numbers their formats: `{"group": "", "rate": ".3f"}`.
        rows: a cell for each head: text, numbers, or None for nothing. A NaN is written as "undefined".
        made: how the numbers came about, "live", "recorded" or "published"; or of some columns each.
        verdict: the column that says what to make of a row; it is shown next to the first.

    Raises:
        ValueError: if a row has too many or too few cells, or `made` or `verdict` name what does not exist.

    Example:
        >>> table("Who gets a loan.", {"group": "", "rate": ".2f"}, [("A", 0.5), ("B", 1.0)])
        Who gets a loan. (live)
        group  rate
        A       .50
        B      1.00
    """
    formats = dict(heads) if isinstance(heads, Mapping) else dict.fromkeys(heads, "")
    return Table(caption, formats, [list(row) for row in rows], made, verdict)


def written(cell: Any, form: str = "") -> str:
    """A cell as text: numbers as the book writes them, .83 and not 0.83.

    Args:
        cell: text, a number, or None.
        form: of a number, as for `format`.

    Example:
        >>> written(0.8349, ".2f"), written(-0.5, "+.1f"), written(1200, ","), written(-0.001, ".2f")
        ('.83', '-.5', '1,200', '.00')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if cell != cell:
        return UNDEFINED
    text = format(cell, form)
    text = re.sub(r"^-(?=[0.,]*%?$)", "", text)  # what rounds to nothing has no sign
    return re.sub(r"^([+-]?)0\.(?=\d)", r"\1.", text)
