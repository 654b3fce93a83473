"""Running jobs on this machine: a thread with an event loop, one zygote, and as many submissions at a time as asked."""

import asyncio
import atexit
import concurrent.futures
import contextlib
import json
import threading

from proctor.kernels.zygote import Zygote
from proctor.running.job import Job
from proctor.running.notebook import run_notebook


class LocalRunner:
    """Runs jobs in the background.

    Args:
        workers: submissions that run at the same time.
    """

    _shared: "LocalRunner | None" = None
    _lock = threading.Lock()

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.zygote = Zygote()
        self.loop = asyncio.new_event_loop()
        self.places = asyncio.Semaphore(workers)
        self.thread = threading.Thread(target=self.loop.run_forever, name="proctor-runner", daemon=True)
        self.thread.start()
        atexit.register(self.stop)

    @classmethod
    def shared(cls, workers: int) -> "LocalRunner":
        """The one runner of this process, made when first asked for."""
        with cls._lock:
            if cls._shared is None:
                cls._shared = cls(workers)
            return cls._shared

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
        type(self)._shared = None if type(self)._shared is self else type(self)._shared

    async def _cancel(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=50) if tasks else None
