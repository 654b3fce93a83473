"""Running jobs on this machine: a thread with an event loop, one zygote, and as many submissions at a time as asked."""

import asyncio
import atexit
import concurrent.futures
import contextlib
import json
import threading
from typing import ClassVar

from proctor.kernels.zygote import PRELOAD, Zygote
from proctor.running.job import Job
from proctor.running.notebook import run_notebook


class LocalRunner:
    """Runs jobs in the background.

    Args:
        workers: submissions that run at the same time.
        preload: what their processes have imported already; as in `Job`.
    """

    _shared: ClassVar[dict[tuple[str, ...], "LocalRunner"]] = {}
    _lock = threading.Lock()

    def __init__(self, workers: int, preload: tuple[str, ...] = PRELOAD) -> None:
        self.workers, self.preload = workers, preload
        self.zygote = Zygote(preload)
        self.loop = asyncio.new_event_loop()
        self.places = asyncio.Semaphore(workers)
        self.thread = threading.Thread(target=self.loop.run_forever, name="proctor-runner", daemon=True)
        self.thread.start()
        atexit.register(self.stop)

    @classmethod
    def shared(cls, workers: int, preload: tuple[str, ...]) -> "LocalRunner":
        """The one runner of this process for courses that import the same, made when first asked for."""
        with cls._lock:
            if preload not in cls._shared:
                cls._shared[preload] = cls(workers, preload)
            return cls._shared[preload]

    def submit(self, job: Job) -> concurrent.futures.Future[str]:
        """Run a job; its result is the executed notebook as JSON text."""
        return asyncio.run_coroutine_threadsafe(self._run(job), self.loop)

    async def _run(self, job: Job) -> str:
        async with self.places:
            return json.dumps(await run_notebook(job, self.zygote))

    def stop(self) -> None:
        """End what runs and everything that it started."""
        atexit.unregister(self.stop)
        with contextlib.suppress(Exception):
            asyncio.run_coroutine_threadsafe(self._cancel(), self.loop).result(timeout=60)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=60)
        self.zygote.stop()
        if self._shared.get(self.preload) is self:
            del self._shared[self.preload]

    async def _cancel(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=50) if tasks else None
