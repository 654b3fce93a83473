"""How a batch of maps lies in memory: what an op or its twin gives back lies as what it was given."""

from __future__ import annotations

import torch
from torch import Tensor


def is_channels_last(x: Tensor) -> bool:
    """Whether the channels of a pixel lie side by side; what is contiguous as well counts as channels-first."""
    return not x.is_contiguous() and x.is_contiguous(memory_format=torch.channels_last)


def memory_format(x: Tensor) -> torch.memory_format:
    """torch's word for it."""
    return torch.channels_last if is_channels_last(x) else torch.contiguous_format
