"""The sentences of a page, with captions and picture texts, without what no reader reads as prose."""

import ast
import re
from pathlib import Path

import jupytext

FENCE = re.compile(r"^\s*(`{3,}|:{3,})\s*(\{[\w:-]+\})?(.*)$")
NOT_PROSE = {
    "{literalinclude}",
    "{math}",
    "{code-block}",
    "{code-cell}",
    "{bibliography}",
    "{tableofcontents}",
    "{toctree}",
}
REMOVED = [
    re.compile(r"\$\$.*?\$\$", re.DOTALL),
    re.compile(r"\$[^$\n]+\$"),
    re.compile(r"(`+)[^`].*?\1"),  # code
    re.compile(r"<https?://[^>]*>|\]\([^)]*\)|https?://\S+"),
    re.compile(r"^\([\w-]+\)=$|^:[\w-]+:.*$|^%.*$", re.MULTILINE),
]
ROLE = re.compile(r"(?<!`)\{[\w:]+\}`(?:([^`<]*?)\s*<[^`>]*>|[^`]*)`")


def without_code(markdown: str) -> str:
    """Markdown less the fences that hold code, formulas or lists of links; the text of other directives stays."""
    kept, open_code = [], None
    for line in markdown.split("\n"):
        match = FENCE.match(line)
        if open_code:
            if match and not match[2] and not match[3].strip() and len(match[1]) >= len(open_code):
                open_code = None
            continue
        if match and (match[2] in NOT_PROSE or (not match[2] and match[3].strip())):
            open_code = match[1]
            continue
        kept.append(match[3] if match else line)
    return "\n".join(kept)


def prose(markdown: str) -> str:
    """What is read as sentences: no code, formulas, link targets or labels; emphasis taken off, spaces as one."""
    text = ROLE.sub(lambda match: match[1] or " ", without_code(markdown))
    for pattern in REMOVED:
        text = pattern.sub(" ", text)
    return " ".join(text.replace("**", "").replace("*", "").split())


class PageText:
    """A page taken apart: its prose, and its code as syntax trees."""

    def __init__(self, file: Path):
        notebook = jupytext.reads(file.read_text(encoding="utf-8"), fmt="md:myst")
        parts = []
        self.trees = []
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                parts.append(prose(cell.source))
            elif cell.cell_type == "code":
                shown = cell.metadata.get("mystnb", {})
                parts.append(prose(shown.get("figure", {}).get("caption", "")))
                parts.append(prose(shown.get("image", {}).get("alt", "")))
                self.trees.append(
                    ast.parse("\n".join(line for line in cell.source.split("\n") if line[:1] not in "%!" or not line))
                )
        self.text = " ".join(part for part in parts if part)

    def calls(self, *names: str) -> list[ast.Call]:
        """The calls of functions of these names, in all cells."""
        nodes = (node for tree in self.trees for node in ast.walk(tree))
        return [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names]
