"""The library of the course Seeing Fairly: every op and model that the book teaches, written to be read.

`import seeing` loads none of it; a room is loaded where it is first asked for:

    import seeing

    kept = seeing.ops.nms(boxes, scores, iou_threshold=0.5)
"""

import importlib
import sys

from seeing.moved import MovedModules

TYPE_CHECKING = False  # that of `typing` takes longer to import than the rest of this file
if TYPE_CHECKING:  # for editors and type checkers, which take it for true and do not run `__getattr__`
    from types import ModuleType

    from seeing import (
        arrays,
        book,
        calibration,
        data,
        fairness,
        kernels,
        metrics,
        models,
        ops,
        plots,
        recorded,
        trained,
        training,
    )

__version__ = "0.1.0"
__all__ = [
    "arrays",
    "book",
    "calibration",
    "data",
    "fairness",
    "kernels",
    "metrics",
    "models",
    "ops",
    "plots",
    "recorded",
    "trained",
    "training",
]

sys.meta_path.append(MovedModules())


def __getattr__(name: str) -> "ModuleType":
    """Load a room of the library (PEP 562): after that it is an attribute like any other.

    Raises:
        AttributeError: if there is none of this name; what is missing inside a room stays an ImportError.
    """
    if name not in __all__:
        raise AttributeError(f"module 'seeing' has no attribute {name!r}; it has {', '.join(__all__)}")
    return importlib.import_module(f"seeing.{name}")


def __dir__() -> list[str]:
    """What is there already, and what comes when it is asked for."""
    return sorted({*globals(), *__all__})
