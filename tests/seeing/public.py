"""Everything public in `seeing`: its modules, and what each of them defines."""

import dataclasses
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


def records() -> Iterator[tuple[str, type, list[str]]]:
    """The dotted name, the class and the public fields of each dataclass, named tuple and typed dictionary."""
    for path, value in definitions():
        if not inspect.isclass(value):
            continue
        if dataclasses.is_dataclass(value):
            fields = [field.name for field in dataclasses.fields(value)]
        elif hasattr(value, "_fields") or hasattr(value, "__required_keys__"):
            fields = list(vars(value).get("_fields", value.__annotations__))
        else:
            continue
        yield path, value, [name for name in fields if not name.startswith("_")]
