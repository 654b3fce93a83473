"""Running jobs on a dask.distributed cluster: the same function, on whichever machine has a free worker."""

import concurrent.futures
import os

from proctor.running.job import Job

RETRIES = 3  # times that a job is tried again on another worker when its worker is lost


class ClusterRunner:
    """Runs jobs on a cluster.

    Args:
        address: the scheduler's, such as "tcp://10.0.0.5:8786".

    Raises:
        ValueError: if `distributed` is not installed, or nobody answers there; the message says what to do.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise ValueError('grading on a cluster needs dask: pip install "seeing-fairly[grading,cluster]"') from None
        try:
            self.client = Client(address, timeout=20)
        except (OSError, TimeoutError) as error:
            raise ValueError(
                f"no dask scheduler answers at {address} ({error}): start one with `dask scheduler`, workers with "
                "`dask worker ADDRESS`, or take the setting `scheduler` away to grade on this machine"
            ) from None

    @property
    def workers(self) -> int:
        """Submissions that run at the same time, at the moment."""
        return max(1, sum(self.client.nthreads().values()))

    def submit(self, job: Job) -> concurrent.futures.Future[str]:
        """Run a job; its result is the executed notebook as JSON text."""
        result = concurrent.futures.Future()
        remote = self.client.submit(run_here, job.packed().to_json(), retries=RETRIES, pure=False)

        def arrived(future) -> None:
            if future.status == "finished":
                result.set_result(future.result())
            else:
                result.set_exception(future.exception() or RuntimeError(f"the cluster {future.status} the job"))

        remote.add_done_callback(arrived)
        return result

    def stop(self) -> None:
        """Let go of the cluster; it goes on running."""
        self.client.close()


def run_here(job: str) -> str:
    """Run a job in a worker.

    Args:
        job: from `Job.to_json`, files included.

    Returns:
        The executed notebook as JSON text.
    """
    from proctor.running.local import LocalRunner

    asked = Job.from_json(job)
    return LocalRunner.shared(os.cpu_count() or 1, asked.preload).submit(asked).result()
