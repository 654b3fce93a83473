"""Modules and names that have moved: what was typed before keeps working for one release, with a warning.

`seeing` puts the finder at the end of Python's own list, so it is asked only for what is nowhere else.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from importlib.machinery import ModuleSpec

TYPE_CHECKING = False  # with these, and the base classes of finders, `import seeing` would take ten times as long
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType
    from typing import Any

_ROOMS = {
    "seeing.fairness": {
        "groups": "audit bootstrap counts disparity group_calibration impossibility parity rates wilson",
        "thresholds": "acceptance_rule equal_rate equalized_odds linear_programme operating_points randomisation roc "
        "score_counts",
        "representations": "camera gradient_reversal linear_erasure mmd probes vfae",
        "cases": "compas_model credit radiology recruiting",
    },
    "seeing.models": {
        "backbones": "resnet vgg",
        "segmentation": "deconvnet fcn fcn_resnet segnet unet unpooling",
    },
}

MODULES = {
    f"{package}.{name}": f"{package}.{room}.{name}"
    for package, rooms in _ROOMS.items()
    for room, names in rooms.items()
    for name in names.split()
} | {
    "seeing.dragged": "seeing.book.dragged",
    "seeing.metrics.calibration_by_group": "seeing.calibration.by_group",
    "seeing.metrics.histogram_binning": "seeing.calibration.histogram_binning",
    "seeing.metrics.isotonic": "seeing.calibration.isotonic",
    "seeing.metrics.platt": "seeing.calibration.platt",
    "seeing.metrics.temperature": "seeing.calibration.temperature",
    "seeing.ops.color": "seeing.ops.colour",
}
"""Where each module is now, by the name that it had."""


class MovedModules:
    """Finds a module under its old name: it is the module of the new name, not a copy."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """The spec of an old name; None for any other."""
        if fullname not in MODULES:
            return None
        return ModuleSpec(fullname, self)  # type: ignore[arg-type]  # a loader by what it can do, not by its base class

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python to make the empty module that `exec_module` replaces."""

    def exec_module(self, module: ModuleType) -> None:
        """Put the module of the new name in the place of the empty one that Python has made."""
        old = module.__name__
        _warn(old, MODULES[old])
        sys.modules[old] = importlib.import_module(MODULES[old])


def moved_names(package: str, names: Mapping[str, str]) -> Callable[[str], Any]:
    """A package's `__getattr__` that still knows names which have left it.

    Args:
        package: its name.
        names: for each name the module that has it now.
    """

    def __getattr__(name: str) -> Any:
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        _warn(f"{package}.{name}", f"{names[name]}.{name}")
        return getattr(importlib.import_module(names[name]), name)

    return __getattr__


def _warn(old: str, new: str) -> None:
    """Warn the line that asked for the old name."""
    # up to the caller of this function's caller: Python leaves out the frames of its own imports
    warnings.warn(f"{old} is now {new}; the old name goes with the next release", DeprecationWarning, stacklevel=3)
