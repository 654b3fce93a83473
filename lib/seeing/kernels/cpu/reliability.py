"""How many events fall into each bin of equal width, and their sums, in one pass."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from seeing.kernels.cpu.jit import jit


def width_sums(confidence: Tensor, happened: Tensor, edges: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The sums behind `seeing.metrics.reliability.bin_events`, added in the order of the rows as there.

    Args:
        confidence: (N,) float32 or float64 in [0, 1].
        happened: (N,) bool.
        edges: (B + 1,) float64, of `width_edges`.

    Returns:
        Counts, (B,) int64; summed confidence and events, (B,) float64 each.
    """
    bins = len(edges) - 1
    # The outer edges stop nobody, and a confidence of 1 starts one bin too high.
    fences = np.concatenate([edges.numpy(), [np.inf]])
    fences[0], fences[bins] = -np.inf, np.inf
    counts, sums, events = np.zeros(bins, np.int64), np.zeros(bins), np.zeros(bins)
    _sum(confidence.detach().contiguous().numpy(), happened.contiguous().numpy(), fences, counts, sums, events)
    return torch.from_numpy(counts), torch.from_numpy(sums), torch.from_numpy(events)


@jit
def _sum(confidence, happened, fences, counts, sums, events):
    bins = len(counts)
    for i in range(len(confidence)):
        value = np.float64(confidence[i])
        # The product may be rounded to the wrong side of an edge: the edges themselves decide.
        place = np.int64(value * bins)
        while value <= fences[place]:
            place -= 1
        while value > fences[place + 1]:
            place += 1
        counts[place] += 1
        sums[place] += value
        events[place] += happened[i]
