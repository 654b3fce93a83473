"""Some of the rows of a column, in the form in which it came: tensors stay tensors, lists stay lists."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor


def count_rows(values: Any, name: str) -> int:
    """How many rows there are: entries of a list, or the length of an array's first dimension.

    Args:
        values: a tensor, array or pandas object of one dimension or more, or a list or tuple of anything.
        name: what an error calls them.

    Raises:
        ValueError: if they are something else, or there is no row.
    """
    shape = getattr(values, "shape", None)
    listed = isinstance(values, list | tuple)
    if not (listed or (shape is not None and len(shape))):
        what = type(values).__name__ if shape is None else f"a single {type(values).__name__}"
        raise ValueError(f"{name} must have an entry a row: a list, an array, a tensor or a Series; got {what}")
    rows = len(values) if listed or shape is None else int(shape[0])
    if not rows:
        raise ValueError(f"{name} must have at least one row; got none")
    return rows


def take_rows(values: Any, rows: np.ndarray) -> Any:
    """These rows of it, in this order, in the same form.

    Args:
        values: as in `count_rows`.
        rows: (M,) integers; one may come several times.
    """
    if isinstance(values, Tensor):
        return values[torch.from_numpy(rows).to(values.device)]
    if isinstance(values, list | tuple):
        chosen = [values[row] for row in rows.tolist()]
        return tuple(chosen) if isinstance(values, tuple) else chosen
    return values.iloc[rows] if hasattr(values, "iloc") else values[rows]
