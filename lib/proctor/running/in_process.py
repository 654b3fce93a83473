"""Running a submission in a single kernel with the instructor's rights: where no sandbox can be had, and asked for."""

import time

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Integer

from proctor.running.credit import settle_printed
from proctor.running.outputs import KILLED, NOT_RUN, TIMED_OUT, error


class ExecuteInOneProcess(Execute):
    """nbgrader's `Execute`, which grades what ran when a kernel dies or cannot be stopped.

    The cell that did it gets an error that says what happened, the cells after it one that says they did not
    run; graded cells before keep their points. Stock nbgrader drops the whole submission.
    """

    max_output = Integer(200_000, help="Characters of printed output kept a cell; the rest is dropped.").tag(
        config=True
    )

    def preprocess(self, nb, resources, **kwargs):
        """Run every cell, and note under `proctor` in the notebook's metadata that they ran.

        Args:
            nb: a sanitised submission; outputs are written into it.
            resources: nbconvert's.
            kwargs: as in nbclient.
        """
        self._stopped = None
        self._printed = 0
        limit = f"ran longer than {self.timeout} s and was interrupted"
        self.error_on_timeout = {"ename": TIMED_OUT, "evalue": limit, "traceback": [f"{TIMED_OUT}: {limit}"]}
        begin = time.monotonic()
        nb, resources = super().preprocess(nb, resources, **kwargs)
        note = nb.metadata.setdefault("proctor", NotebookNode())
        note.update(executed=True, seconds=round(time.monotonic() - begin, 2), timeout=self.timeout)
        return nb, resources

    def preprocess_cell(self, cell, resources, index):
        """Run one cell, unless the kernel is gone."""
        self._printed = 0
        if cell.cell_type != "code":
            return cell, resources
        if self._stopped:
            cell.outputs = [error(NOT_RUN, f"not run: {self._stopped}")]
            return cell, resources
        try:
            cell, resources = super().preprocess_cell(cell, resources, index)
            settle_printed(cell)
        except DeadKernelError:
            self._stop(cell, index, KILLED, "the kernel died in this cell (an exit, a crash, or no memory left)")
        except CellTimeoutError:
            self._stop(cell, index, TIMED_OUT, f"ran longer than {self.timeout} s and ignored the interrupt")
        return cell, resources

    def _stop(self, cell, index, name, message):
        """End the kernel for good and say why, here and in the cells to come."""
        title = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {index + 1}"
        self._stopped = f"the kernel was lost in {title}"
        cell.outputs = [*cell.outputs, error(name, message)]
        self.log.warning("%s: %s", title, message)
        if self.km.has_kernel:
            self.km.provisioner.process.kill()

    def output(self, outs, msg, display_id, cell_index):
        """Keep an output, unless the cell has printed far more than anybody reads."""
        if msg["msg_type"] in ("stream", "display_data"):
            size = sum(len(str(value)) for value in msg["content"].values())
            before, self._printed = self._printed, self._printed + size
            if self._printed > self.max_output:
                if before <= self.max_output:
                    outs.append(new_output("stream", name="stdout", text="... the rest was not kept ...\n"))
                return None
        return super().output(outs, msg, display_id, cell_index)
