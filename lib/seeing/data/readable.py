"""Which samples of a data set can be read: found by reading them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from tqdm import tqdm

from seeing.data.files import BadFile, Refusals

MOST_THREADS = 16
BATCH = 256  # samples that are begun before the first of them is waited for


class ReadOnDemand(Protocol):
    """A data set whose files are read when a sample is asked for."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> object: ...

    def check_there(self, index: int) -> None:
        """Raises BadFile if a file of a sample is not there."""


def readable(dataset: ReadOnDemand, refusals: Refusals) -> list[int]:
    """The samples of a data set that are there and, where bad ones are to be skipped, that can be read.

    Skipping reads every sample once, whole, by the very `dataset[index]` that will read it later: so what is skipped
    and what would raise are the same. It takes as long as an epoch without a model, on as many threads as there are
    processors: of one processor about 6 ms for a JPEG of 480x640 pixels. A terminal shows a progress bar.

    Args:
        dataset: the data set.
        refusals: what is to be done about the others.

    Raises:
        BadFile: if a file is not there, unless bad ones are to be skipped.
    """
    if refusals.skip:
        return those_that_can(dataset.__getitem__, len(dataset), refusals)
    for index in range(len(dataset)):
        dataset.check_there(index)
    return list(range(len(dataset)))


def those_that_can(read: Callable[[int], object], count: int, refusals: Refusals) -> list[int]:
    """The numbers below `count` that can be read; the errors of the others are noted, in their order."""
    good = []
    for index, error in enumerate(_outcomes(read, count)):
        with refusals.guard():
            if error is not None:
                raise error
            good.append(index)
    return good


def _outcomes(read: Callable[[int], object], count: int) -> Iterator[BadFile | None]:
    def outcome(index: int) -> BadFile | None:
        try:
            read(index)
        except BadFile as error:
            return error
        return None

    threads = min(MOST_THREADS, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool, tqdm(desc="checking", total=count, disable=None, leave=False) as bar:
        for start in range(0, count, BATCH):
            for error in pool.map(outcome, range(start, min(start + BATCH, count))):
                bar.update()
                yield error
