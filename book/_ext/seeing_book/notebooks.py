"""A page's notebook as plain Jupyter shows it: the download, and what Colab opens.

Jupyter reads CommonMark and math, not MyST. `plain_markdown` rewrites what the book's pages use: directives become
headings, folds, quotes or code, roles become text, labels go. The code cells stay as they are, without outputs (the
page asks for a guess before the run), after one cell that installs the library, and what else they import, where it is
missing.
"""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
from sphinx.config import Config
from sphinx.directives.code import LiteralInclude, LiteralIncludeReader

from .first_cell import first_cell
from .predict_text import HEADING, plain_prediction, read_prediction
from .short_names import SENTENCE_START, capitalised

Resolve = Callable[[str, str], str]
"""From a role and its target to the text that stands for it: ("numref", "fig-pool") -> "Fig. 1"."""

FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,}|:{3,})\s*(?:\{(?P<name>[\w:-]+)\}\s*(?P<title>.*))?")
OPTION = re.compile(r"^:([\w-]+):\s*(.*)$")
ROLE = re.compile(r"\{([\w:-]+)\}`([^`]+)`")
LABELLED = re.compile(r"^(?P<text>.+?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
TARGET = re.compile(r"^\([\w:. -]+\)=$")
EQUATION_LABEL = re.compile(r"^\$\$\s*\([\w:.-]+\)$")
LINK_WITHIN_BOOK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!\w+:)[^)]*\)")
ATTRIBUTES = re.compile(r"^\{[.#][^{}]*\}$")

DROPPED = {"exercise-end", "solution-end", "tableofcontents", "contents", "index", "raw", "only"}
CODE = {"code-block", "code", "sourcecode"}
FOLDED = {"solution": "Answer", "dropdown": "More", "toggle": "More"}


class Page:
    """One page's Markdown on the way to plain Jupyter.

    Args:
        source: the page's file; what it includes is found beside it, as Sphinx finds it.
        root: the book's folder, which a leading slash means.
        resolve: the text for a reference.
    """

    def __init__(self, source: Path, root: Path, resolve: Resolve) -> None:
        self.source, self.root, self.resolve = source, root, resolve
        self.pictures: dict[str, bytes] = {}
        self.inside_answer = False  # between solution-start and solution-end, which whole cells may separate

    def path(self, name: str) -> Path:
        """The file that the page calls `name`."""
        return self.root / name.lstrip("/") if name.startswith("/") else self.source.parent / name

    def plain(self, text: str) -> str:
        """`text` as CommonMark with math."""
        lines, out = text.split("\n"), []
        at = 0
        while at < len(lines):
            opening = FENCE.match(lines[at])
            if opening is None:
                out += self.plain_line(lines[at])
                at += 1
                continue
            end = closing_line(lines, at, opening["fence"])
            if opening["name"] is None:  # plain code, or a div: not ours to read
                out += lines[at : end + 1]
            else:
                out += self.directive(opening["name"], opening["title"].strip(), lines[at + 1 : end])
            at = end + 1
        return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")

    def plain_line(self, line: str) -> list[str]:
        """One line outside any fence: nothing where it only labels something, else with its roles as text."""
        if TARGET.match(line) or ATTRIBUTES.match(line) or line.startswith("% "):
            return []
        if EQUATION_LABEL.match(line):
            return ["$$"]
        return [LINK_WITHIN_BOOK.sub(r"\1", ROLE.sub(self.role, line))]

    def role(self, match: re.Match) -> str:
        """The text of one role."""
        role, content = match.groups()
        labelled = LABELLED.match(content)
        if role == "math":
            return f"${content}$"
        if labelled and role in {"ref", "doc", "numref", "term"}:
            number = re.sub(r"^\D*", "", self.resolve(role, labelled["target"]))
            return re.sub(r"%s|\{number\}", number, labelled["text"])
        if role.startswith("cite"):
            return "; ".join(f"[{self.resolve('cite', key.strip())}]" for key in content.split(","))
        if role in {"ref", "doc", "numref", "eq", "prf:ref"}:
            text = self.resolve(role, content)
            before = match.string[: match.start()]
            begins = role == "doc" and before and SENTENCE_START.search(before.lstrip("-* "))
            return capitalised(text) if begins else text
        if role in {"code", "py", "download", "file", "kbd"}:
            return f"`{content}`"
        return content

    def directive(self, name: str, title: str, lines: list[str]) -> list[str]:
        """The lines that stand for one directive."""
        options, body = split_options(lines)
        if name in {"solution-start", "solution-end"}:
            self.inside_answer = name == "solution-start"
        if name in DROPPED:
            return []
        if name == "predict":
            prediction = read_prediction(body, options.get("number", ""), options.get("unit", ""))
            return self.plain("\n".join(plain_prediction(prediction, title or HEADING))).split("\n")
        if name == "bibliography":
            return ["", *self.resolve("bibliography", "").split("\n"), ""]
        if name == "math":
            return ["$$", *body, "$$"]
        if name in CODE:
            return [f"```{title}", *body, "```"]
        if name == "literalinclude":
            return self.included(title, options)
        if name in {"figure", "image"}:
            return self.figure(title, options, body)
        inner = self.plain("\n".join(body)).split("\n")
        folded = name in FOLDED or ("dropdown" in options.get("class", "") and name != "solution-start")
        if folded:
            heading = FOLDED.get(name, title) if name == "solution" or not title else title
            return ["", f"<details><summary>{self.plain(heading)}</summary>", "", *inner, "", "</details>", ""]
        if name in {"exercise", "exercise-start"}:
            number = self.resolve("numref", options.get("label", ""))
            heading = number if number.startswith("Exercise ") else "Exercise"
            heading += f": {self.plain(title)}" if title else ""
        elif name == "solution-start":
            heading = "Answer"
        else:
            heading = self.plain(title) or name.capitalize()
        return ["", f"**{heading}**", "", *inner, ""]

    def included(self, name: str, options: dict[str, str]) -> list[str]:
        """The source that a `literalinclude` shows, cut as Sphinx cuts it, in a code block."""
        typed = {key: LiteralInclude.option_spec[key](value or None) for key, value in options.items()}
        reader = LiteralIncludeReader(str(self.path(name)), typed, Config())
        source, _ = reader.read()
        return ["", f"```{options.get('language', 'python')}", *source.rstrip("\n").split("\n"), "```", ""]

    def figure(self, name: str, options: dict[str, str], body: list[str]) -> list[str]:
        """A picture, carried inside the cell so that the file stands alone, over its caption."""
        key = name.replace("/", "-").lstrip(".-")
        self.pictures[key] = self.path(name).read_bytes()
        caption = self.plain("\n".join(body)).split("\n")
        return ["", f"![{options.get('alt', '')}](attachment:{key})", "", *caption, ""]


def closing_line(lines: list[str], start: int, fence: str) -> int:
    """The line that closes the fence opened at `start`; the last one where nothing closes it."""
    for at in range(start + 1, len(lines)):
        mark = lines[at].strip()
        if len(mark) >= len(fence) and set(mark) == {fence[0]}:
            return at
    return len(lines)


def split_options(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """A directive's `:key: value` lines, and the rest of its body."""
    options = {}
    at = 0
    while at < len(lines) and (match := OPTION.match(lines[at])):
        options[match[1]] = match[2].strip()
        at += 1
    while at < len(lines) and not lines[at].strip():
        at += 1
    return options, lines[at:]


MIME = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}


def plain_cells(cell: nbformat.NotebookNode, page: Page) -> list[nbformat.NotebookNode]:
    """The cells that stand for one cell: none where it only labelled something, two for a figure with a caption."""
    if cell.cell_type == "markdown":
        page.pictures = {}
        plain = nbformat.v4.new_markdown_cell(page.plain(cell.source))
        if page.pictures:
            plain.attachments = {
                name: {MIME[Path(name).suffix.lower()]: base64.b64encode(data).decode()}
                for name, data in page.pictures.items()
            }
        return [plain] if plain.source.strip() else []
    if cell.cell_type != "code":
        return []
    plain = nbformat.v4.new_code_cell(cell.source)
    tags = cell.metadata.get("tags", [])
    if tags:
        plain.metadata["tags"] = tags
    if page.inside_answer or {"hide-input", "hide-cell"} & set(tags):
        plain.metadata["jupyter"] = {"source_hidden": True}
    caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption")
    return [plain, nbformat.v4.new_markdown_cell(page.plain(caption))] if caption else [plain]


def plain_notebook(notebook: nbformat.NotebookNode, page: Page, requirement: str) -> nbformat.NotebookNode:
    """A notebook to hand out, from the one that the book's build ran.

    Args:
        notebook: as myst-nb wrote it; left as it is.
        page: whose notebook it is.
        requirement: what pip installs to get the library.

    Returns:
        A valid notebook, without outputs, whose first cell is the installation. The same input gives the same file.

    Raises:
        ValueError: if a cell imports a package of which no version is known.
    """
    cells = [first_cell(notebook, requirement)]
    for cell in notebook.cells:
        cells += plain_cells(cell, page)
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # nbformat's own are random
    kernel = notebook.metadata.get("kernelspec", {"name": "python3", "display_name": "Python 3"})
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    plain = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(plain)
    return plain
