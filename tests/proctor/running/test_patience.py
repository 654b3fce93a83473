"""A time limit counts the time that a process had a processor for."""

import asyncio
import time

import pytest

from proctor.running.patience import settled, settled_fairly
from tests.proctor.loops import run as in_a_thread


class Waiting:
    """Stands for a process that was kept waiting for some seconds, all at once."""

    def __init__(self, *seconds):
        self.seconds = list(seconds)

    def waited(self):
        return self.seconds.pop(0) if len(self.seconds) > 1 else self.seconds[0]


async def never():
    await asyncio.Event().wait()


@pytest.mark.parametrize(("waited", "least"), [((0,), 0.1), ((5, 5.1), 0.2), ((1, 1.05, 1.1), 0.2), ((0, 99), 0.3)])
def test_waiting_is_added(waited, least):
    async def run():
        task = asyncio.ensure_future(never())
        begin = time.monotonic()
        done = await settled_fairly(task, timeout=0.1, forks=[Waiting(*waited)])
        task.cancel()
        return done, time.monotonic() - begin

    done, seconds = in_a_thread(run())
    assert done == set()
    assert least - 0.02 <= seconds < 30  # how much more depends on how busy the machine is


def test_what_is_done_is_told_at_once():
    async def run():
        quick, slow = asyncio.ensure_future(asyncio.sleep(0)), asyncio.ensure_future(never())
        done = await settled_fairly(quick, slow, timeout=60, forks=[])
        also = await settled(quick, slow, timeout=60)
        slow.cancel()
        return done == {quick} == also

    assert in_a_thread(run())
