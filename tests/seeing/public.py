"""Everything public in `seeing`: its modules, and what each of them defines."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import seeing

PACKAGE = Path(seeing.__file__).parent


def modules() -> list[ModuleType]:
    """All of them; the kernels only as far as this machine has their compilers."""
    names = [".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts) for file in sorted(PACKAGE.rglob("*.py"))]
    found = []
    for name in names:
        try:
            found.append(importlib.import_module(name.removesuffix(".__init__")))
        except ModuleNotFoundError:
            if not name.startswith("seeing.kernels."):
                raise
    return found


def definitions() -> Iterator[tuple[str, Any]]:
    """The dotted name and the value of each public function, class and constant, where it is defined; methods too."""
    for module in modules():
        for name, value in vars(module).items():
            if name.startswith("_") or inspect.ismodule(value) or getattr(value, "__module__", None) != module.__name__:
                continue
            yield f"{module.__name__}.{name}", value
            if inspect.isclass(value):
                for inner, method in vars(value).items():
                    if not inner.startswith("_"):
                        yield f"{module.__name__}.{name}.{inner}", method
