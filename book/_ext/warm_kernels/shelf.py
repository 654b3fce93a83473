"""Modules that are loaded, but that a fork sees only once it finds them by itself.

A reader's notebook begins on a machine without the library, and installs it. A fork that had the library in
`sys.modules` would tell it that nothing is missing, and would import what was never installed. So the modules are taken
out, and a finder gives them back when Python's own search finds the same file on the fork's own path.
"""

import builtins
import contextlib
import importlib.abc
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

# What these import must be installed for them to be there; others import some packages only where they find them.
WHOLE = ("seeing",)


def top(name: str) -> str:
    """The package that a dotted name begins with."""
    return name.partition(".")[0]


class Shelf(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """What was imported from a folder.

    Args:
        site: the folder; None for a shelf that stays empty, for what all forks may see.
    """

    def __init__(self, site: str | None) -> None:
        self.site = site
        self.modules: dict[str, ModuleType] = {}
        self.imports: dict[str, set[str]] = defaultdict(set)  # from a package of WHOLE to those that it imported

    @contextlib.contextmanager
    def filling(self) -> Iterator[None]:
        """While what is imported comes from the folder."""
        if self.site is None:
            yield
            return
        before, plain = set(sys.modules), builtins.__import__

        def noted(name, space=None, local=None, fromlist=(), level=0):
            if not level and space and (importer := top(space.get("__name__") or "")) in WHOLE:
                self.imports[importer].add(top(name))
            return plain(name, space, local, fromlist, level)

        sys.path.insert(0, self.site)
        builtins.__import__ = noted
        try:
            yield
        finally:
            builtins.__import__ = plain
            loaded = {name: module for name, module in sys.modules.items() if name not in before}
            inside = os.path.join(self.site, "")
            tops = {top(name) for name, one in loaded.items() if (file_of(one) or "").startswith(inside)}
            self.modules = {name: module for name, module in loaded.items() if top(name) in tops}

    def hide(self, path: list[str]) -> None:
        """In a fork: take the modules away, and put what PYTHONPATH says where the folder was."""
        if self.site is None:
            return
        at = sys.path.index(self.site)
        sys.path[at : at + 1] = path
        for name in self.modules:
            del sys.modules[name]
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path=None, target=None) -> ModuleSpec | None:
        """A module of the shelf, where the fork's own path leads to its file; else Python searches as ever."""
        if name not in self.modules or not self.is_there(top(name)):
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None:
            spec.loader = self
        return spec

    def is_there(self, package: str) -> bool:
        """Whether a package is found, and where it is one of WHOLE, all that it imported when it was loaded."""
        done, left = set(), [package]
        while left:
            one = left.pop()
            if one in done:
                continue
            if not self.is_found(one):
                return False
            done.add(one)
            left += [other for other in self.imports[one] if other in self.modules]
        return True

    def is_found(self, package: str) -> bool:
        """Whether Python's own search leads to the file of a package on the shelf."""
        spec = PathFinder.find_spec(package)
        if spec is None:
            return False
        file = file_of(self.modules[package])
        return file is None or (spec.has_location and os.path.realpath(spec.origin) == os.path.realpath(file))

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module as it was loaded; all packages that are found come with it, for some look in `sys.modules`."""
        there = {package for package in {top(name) for name in self.modules} if self.is_there(package)}
        for name, module in self.modules.items():
            if top(name) in there:
                sys.modules.setdefault(name, module)
        self.kept = self.modules[spec.name].__spec__
        return self.modules[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is to run: it did."""
        module.__spec__ = self.kept


def file_of(module: ModuleType) -> str | None:
    """A module's file; None where it has none."""
    return getattr(module, "__file__", None)
