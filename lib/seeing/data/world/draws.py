"""Random numbers that depend on a seed and a place only: scene 7 of a seed is the same whoever asks for it."""

from __future__ import annotations

import math

import torch
from torch import Tensor

_GOLDEN = 0x9E3779B97F4A7C15
_MIX = (30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)


class Draws:
    """A table of uniform numbers with one row for each place, handed out column by column.

    Nothing is remembered but the columns that are used up. So any scene can be made without the scenes before it,
    in any process. Whole numbers are mixed and nothing is rounded: the bits are the same on every machine.

    Args:
        seed: 0 or more, below 2^63; another seed gives unrelated numbers.
        places: (N,) int64, the rows of the seed's endless table that are wanted.

    Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014), section 4.
    """

    def __init__(self, seed: int, places: Tensor):
        start = _mix(torch.tensor(seed, device=places.device) + _signed(_GOLDEN))
        self._rows = _mix(start + (places + 1) * _signed(_GOLDEN))[:, None]  # (N, 1)
        self._drawn = torch.empty(len(places), 0, dtype=torch.float64, device=places.device)
        self._used = 0

    def uniform(self, *shape: int) -> Tensor:
        """(N, *shape) float64 in [0, 1), multiples of 2^-53."""
        first, self._used = self._used, self._used + math.prod(shape)
        if self._used > self._drawn.shape[1]:
            self._draw(max(self._used, self._drawn.shape[1] + 256))  # many at once: each call has its price
        return self._drawn[:, first : self._used].reshape(len(self._rows), *shape)

    def _draw(self, columns: int) -> None:
        places = torch.arange(1, columns + 1, device=self._rows.device)
        bits = _mix(self._rows + places * _signed(_GOLDEN))  # (N, columns)
        self._drawn = _shift(bits, 11).to(torch.float64).mul_(2.0**-53)

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        """(N, *shape) float64, `low` or more and below `high`, but for rounding."""
        return low + (high - low) * self.uniform(*shape)

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        """(N, *shape) int64, from `low` to `high`, both included."""
        return low + (self.uniform(*shape) * (high - low + 1)).long()

    def sign(self, *shape: int) -> Tensor:
        """(N, *shape) float64, -1 or 1, equally likely."""
        return (self.uniform(*shape) < 0.5).to(torch.float64) * 2 - 1


def _mix(bits: Tensor) -> Tensor:
    """Spread every bit of an int64 over all 64; products wrap around."""
    for places, factor in _MIX:
        bits = (bits ^ _shift(bits, places)) * _signed(factor)
    return bits ^ _shift(bits, 31)


def _shift(bits: Tensor, places: int) -> Tensor:
    """Shift to the right with zeros coming in, where torch's own shift brings copies of the sign."""
    return (bits >> places) & ((1 << (64 - places)) - 1)


def _signed(bits: int) -> int:
    """The same 64 bits as torch's int64 reads them."""
    return bits - 2**64 if bits >= 2**63 else bits
