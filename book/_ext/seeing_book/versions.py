"""The packages that decide what a cell prints: those that a page and the library import, and what these need."""

import importlib.metadata
import platform
import re
import sys
from collections.abc import Iterable
from functools import cache

KERNEL = ("ipykernel", "ipython", "matplotlib-inline")  # they format values and draw figures into pages
NAME = re.compile(r"^[\w.-]+")


@cache
def distributions_of() -> dict[str, list[str]]:
    """The distributions that bring each importable name."""
    return dict(importlib.metadata.packages_distributions())


def imported(modules: Iterable[str], ours: Iterable[str]) -> frozenset[str]:
    """The top names of imports that come from elsewhere: neither the standard library nor ours."""
    names = frozenset(module.partition(".")[0] for module in modules)
    return names - set(sys.stdlib_module_names) - {module.partition(".")[0] for module in ours} - {""}


@cache
def versions(names: frozenset[str]) -> dict[str, str]:
    """Python's version and those of the packages behind some imports, of the kernel's, and of all that these need.

    Args:
        names: as they are imported ("sklearn").

    Returns:
        From a distribution ("scikit-learn") to its version; "absent" where it is not installed.
    """
    found = {"python": platform.python_version()}
    todo = [*KERNEL, *(dist for name in names for dist in distributions_of().get(name, [name]))]
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in found:
            continue
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "absent"
            continue
        found[name] = distribution.version
        todo += [NAME.match(line)[0] for line in distribution.requires or [] if "extra ==" not in line]
    return found
