"""What of a source file runs: its syntax tree, without what is only written for readers; and what it imports.

A comment, a docstring or a line broken elsewhere changes no number, so it must not run any page again.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

# Names that reach a module or a file without an import statement: who uses one may depend on anything.
INDIRECT = {"__import__", "exec", "eval", "import_module", "run_module", "run_path", "SourceFileLoader"}
INDIRECT |= {"walk_packages", "iter_modules", "subprocess", "Popen", "get_ipython"}
# Names that read what only readers see: who uses one depends on the text and not on the tree.
READS_TEXT = {"__doc__", "getdoc", "getsource", "getsourcelines", "getcomments", "help", "doctest", "traceback"}
NAMED = {"exec", "eval", "help"}  # as methods (`model.eval()`) they are something else


def without_prose(tree: ast.AST) -> ast.AST:
    """The tree with every string that stands alone as a statement taken out, in place."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                kept = [line for line in block if not _is_prose(line)]
                empty = [ast.Pass()] if block and not isinstance(node, ast.Module) else []
                setattr(node, name, kept or empty)
    return tree


def _is_prose(line: ast.AST) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)


@dataclass
class Source:
    """A piece of Python as it stands in a file or in a page's cells."""

    text: str
    package: tuple[str, ...] = field(default=())
    """The package it belongs to, for relative imports."""

    @cached_property
    def tree(self) -> ast.AST | None:
        """Its syntax tree; None where it is no plain Python (a magic such as `%run`)."""
        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError):
            return None

    @cached_property
    def names(self) -> set[str]:
        """Every name and attribute in it."""
        nodes = list(ast.walk(self.tree)) if self.tree else []
        found = {node.id for node in nodes if isinstance(node, ast.Name)}
        found |= {node.attr for node in nodes if isinstance(node, ast.Attribute)} - NAMED
        return found | {part for module in self.imports for part in module.split(".")}

    @cached_property
    def imports(self) -> list[str]:
        """The modules it may import, names in them included, anywhere in it: "seeing.ops", "seeing.ops.nms" ..."""
        return list(self._imports()) if self.tree else []

    def _imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = self.package[: len(self.package) - node.level + 1] if node.level else ()
                module = ".".join([*above, *([node.module] if node.module else [])])
                yield module
                yield from (f"{module}.{alias.name}" for alias in node.names)

    @property
    def may_reach_anything(self) -> bool:
        """Whether its imports do not tell what it may run or read."""
        return self.tree is None or bool(self.names & INDIRECT)

    @property
    def reads_text(self) -> bool:
        """Whether it may look at docstrings, comments or line numbers."""
        return self.tree is None or bool(self.names & READS_TEXT)

    def digest(self, as_text: bool = False) -> bytes:
        """Of what runs; with `as_text`, or where it is no plain Python, of every character."""
        if as_text or self.tree is None:
            return hashlib.sha256(self.text.encode()).digest()
        return hashlib.sha256(self.dumped.encode()).digest()

    @cached_property
    def dumped(self) -> str:
        """The tree without prose, as text without line numbers."""
        return ast.dump(without_prose(ast.parse(self.text)))


def modules(folders: Iterable[Path]) -> dict[str, list[Path]]:
    """The files of every module below some folders, by dotted name; each folder is a package if it has an __init__."""
    found: dict[str, list[Path]] = {}
    for folder in folders:
        above = folder.parent if (folder / "__init__.py").is_file() else folder
        for file in sorted(folder.rglob("*.py")):
            parts = file.relative_to(above).with_suffix("").parts
            found.setdefault(".".join(parts[:-1] if parts[-1] == "__init__" else parts), []).append(file)
    return found


def read(file: Path, name: str) -> Source:
    """The source of a module."""
    parts = tuple(name.split("."))
    return Source(file.read_text(encoding="utf-8-sig"), parts if file.name == "__init__.py" else parts[:-1])


def closure(start: Iterable[Source], ours: dict[str, list[Source]]) -> set[str]:
    """The modules among `ours` that some sources import, and those that these import, and so on; packages included.

    Where one of them may reach anything, all.
    """
    todo, found = list(start), set()
    while todo:
        source = todo.pop()
        if source.may_reach_anything:
            return set(ours)
        for module in source.imports:
            parts = module.split(".")
            for length in range(1, len(parts) + 1):
                name = ".".join(parts[:length])
                if name in ours and name not in found:
                    found.add(name)
                    todo += ours[name]
    return found
