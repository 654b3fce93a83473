"""How every loop of this package is compiled."""

from __future__ import annotations

from collections.abc import Callable

import numba


def jit(function: Callable) -> Callable:
    """Compile at the first call, and keep the machine code beside the source, or in the user's cache, for later.

    Divisions follow numpy: x / 0 is an infinity or NaN, never an exception. The kernel runs without the
    interpreter's lock. It has no threads of its own: numba's die in forked data-loader workers.

    numba notices an edit of the kernel's own file only. A kernel therefore calls no compiled helper of another file.
    """
    try:
        return numba.njit(error_model="numpy", nogil=True, cache=True)(function)
    except RuntimeError:  # no folder to write the cache to: compile in each process
        return numba.njit(error_model="numpy", nogil=True)(function)
