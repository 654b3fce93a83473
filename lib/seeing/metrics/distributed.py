"""One metric out of those that several processes have gathered, each over its part of the data."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import torch.distributed as dist


class Mergeable(Protocol):
    """A metric that can take over what another one of its kind has gathered."""

    def merge(self, other: Any) -> None: ...


M = TypeVar("M", bound=Mergeable)


def check_same_setup(one: object, other: object, *settings: str) -> None:
    """Refuse to merge metrics that were set up differently.

    Args:
        one: a metric.
        other: one of its kind.
        settings: names of the attributes in which they must agree.

    Raises:
        ValueError: if they do not.
    """
    ours, theirs = (tuple(getattr(metric, name) for name in settings) for metric in (one, other))
    if ours != theirs:
        listed = f"{', '.join(settings[:-1])} and {settings[-1]}"
        raise ValueError(f"{listed} must agree; got {ours} and {theirs}")


def merge_across_processes(metric: M, group: dist.ProcessGroup | None = None) -> M:
    """The metric of the data of all processes, the same in each; every process of the group must call this.

    The parts are merged in the order of the ranks. A data set that is padded to give every process as many items
    counts the padding twice: leave it out of `update`.

    Args:
        metric: any metric with a `merge`; it stays as it is.
        group: whose processes; all of them if None.

    Returns:
        A new metric; the metric itself if torch.distributed is not in use.
    """
    if not (dist.is_available() and dist.is_initialized()):
        return metric
    parts = [metric] * dist.get_world_size(group)
    dist.all_gather_object(parts, metric, group)
    total, *others = parts
    for other in others:
        total.merge(other)
    return total
