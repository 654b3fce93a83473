"""Coins that belong to a person: the same seed and person give the same toss, in any order, batch and machine."""

from __future__ import annotations

import hashlib

import numpy as np

from seeing.fairness.inputs import Values, as_column

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def uniform_draws(seed: int, ids: Values) -> np.ndarray:
    """A number in [0, 1) for each id, which depends on the seed and that id alone.

    A generator that is read row by row gives other answers once the rows are sorted, split or sent in again. Here
    nobody can try again for a better draw, and an audit can repeat each one.

    Args:
        seed: any integer; keep it secret where people could choose their ids.
        ids: (N,) integers or strings that name people. Equal ids get equal draws.

    Returns:
        (N,) float64, multiples of 2^-53.

    Raises:
        ValueError: if the ids are neither integers nor strings, or not (N,) with N >= 1.

    Example:
        >>> one, again = uniform_draws(0, ["ann", "bob"]), uniform_draws(0, ["bob", "cleo", "ann"])
        >>> bool(one[0] == again[2])  # a person's coin does not depend on who else is there
        True

    Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014): SplitMix64.
    """
    start = _mix(np.array([seed % 2**64], np.uint64) + GOLDEN)
    return (_mix(start + _as_numbers(as_column(ids, "ids")) * GOLDEN) >> np.uint64(11)) * 2.0**-53


def _mix(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _as_numbers(ids: np.ndarray) -> np.ndarray:
    if ids.dtype.kind in "iu":
        return ids.astype(np.int64).view(np.uint64) if ids.dtype.kind == "i" else ids.astype(np.uint64)
    words = ids.tolist()
    if not all(isinstance(word, str) for word in words):
        raise ValueError(f"ids must be integers or strings, one a person; got {ids.dtype}, such as {words[0]!r}")
    digests = b"".join(hashlib.blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.frombuffer(digests, "<u8").astype(np.uint64)
