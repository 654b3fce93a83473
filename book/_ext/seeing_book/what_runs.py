"""What of a source file runs: its syntax tree, without what is only written for readers; and what it imports.

A comment, a docstring or a line broken elsewhere changes no number, so it must not run any page again.
"""

import ast
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

# Names that reach a module or a file without an import statement: who uses one may depend on anything.
INDIRECT = {"__import__", "exec", "eval", "import_module", "run_module", "run_path", "SourceFileLoader"}
INDIRECT |= {"walk_packages", "iter_modules", "subprocess", "Popen", "get_ipython"}
# Names that read what only readers see: who uses one depends on the text and not on the tree.
READS_TEXT = {"__doc__", "getdoc", "getsource", "getsourcelines", "getcomments", "help", "doctest", "traceback"}
NAMED = {"exec", "eval", "help"}  # as methods (`model.eval()`) they are something else
# What Python calls for a module that somebody else's code names; that code is read itself, with what it names.
HOOKS = {"__getattr__", "exec_module"}


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


def _without_hooks(tree: ast.AST) -> Iterator[ast.AST]:
    """As `ast.walk`, but for the functions by which a module finds others."""
    return _walk_but(lambda node: isinstance(node, ast.FunctionDef) and node.name in HOOKS, tree)


def _for_type_checkers(node: ast.AST) -> bool:
    """Whether it is `if TYPE_CHECKING`, whose body never runs, without an `else`."""
    if not isinstance(node, ast.If) or node.orelse:
        return False
    return getattr(node.test, "id", getattr(node.test, "attr", None)) == "TYPE_CHECKING"


def _walk_but(is_left_out: Callable[[ast.AST], bool], tree: ast.AST) -> Iterator[ast.AST]:
    """As `ast.walk`, but for some nodes and what is in them."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if not is_left_out(node):
            yield node
            todo += ast.iter_child_nodes(node)


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
        nodes = list(_without_hooks(self.tree)) if self.tree else []
        found = {node.id for node in nodes if isinstance(node, ast.Name)}
        found |= {node.attr for node in nodes if isinstance(node, ast.Attribute)} - NAMED
        return found | {part for module, _ in self._imports() for part in module.split(".")}

    @cached_property
    def imports(self) -> list[str]:
        """The modules it may import, names in them included, anywhere in it: "seeing.ops", "seeing.ops.nms" ..."""
        if self.tree is None:
            return []
        found = list(self._imports())
        return [module for module, _ in found] + list(self._named_by_attribute({own: m for m, own in found if own}))

    def _imports(self) -> Iterator[tuple[str, str]]:
        """What its import statements name, each with the name that then stands for it here; "" for none."""
        for node in _walk_but(_for_type_checkers, self.tree) if self.tree else ():
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname or "." not in alias.name:
                        yield alias.name, alias.asname or alias.name
                    else:  # `import a.b` makes `a` known here
                        yield alias.name, ""
                        yield alias.name.partition(".")[0], alias.name.partition(".")[0]
            elif isinstance(node, ast.ImportFrom):
                above = self.package[: len(self.package) - node.level + 1] if node.level else ()
                module = ".".join([*above, *([node.module] if node.module else [])])
                yield module, ""
                yield from ((f"{module}.{alias.name}", alias.asname or alias.name) for alias in node.names)

    def _named_by_attribute(self, known: dict[str, str]) -> Iterator[str]:
        """What `package.module.name` names after `import package`, where the package imports on demand."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute):
                parts = []
                while isinstance(node, ast.Attribute):
                    parts.append(node.attr)
                    node = node.value
                if isinstance(node, ast.Name) and node.id in known:
                    yield ".".join([known[node.id], *reversed(parts)])

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
