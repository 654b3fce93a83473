"""Waiting with a time limit that is fair: time in which others had the processors does not count."""

import asyncio
import time

from proctor.kernels.zygote import Fork

MOST = 2  # times the limit that waiting may add: code that starts a hundred processes waits for its own children


async def settled(*tasks: asyncio.Future, timeout: float | None = None) -> set[asyncio.Future]:
    """Wait until one of some tasks is done or the time is up; those that are done."""
    done, _ = await asyncio.wait(tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    return done


async def settled_fairly(*tasks: asyncio.Future, timeout: float, forks: list[Fork]) -> set[asyncio.Future]:
    """As `settled`, the time in which the forks waited for a processor added to the limit.

    More submissions run at a time than there are processors; a training that fits its limit alone must fit it here.

    Args:
        tasks: what to wait for.
        timeout: seconds.
        forks: the processes that work on it.
    """
    begin, before = time.monotonic(), sum(fork.waited() for fork in forks)
    while True:
        waited = sum(fork.waited() for fork in forks) - before
        left = begin + timeout + min(waited, MOST * timeout) - time.monotonic()
        if left <= 0.01:
            return {task for task in tasks if task.done()}
        if done := await settled(*tasks, timeout=left):
            return done
