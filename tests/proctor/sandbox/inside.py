"""Run as a program: a function of a test, inside a sandbox. Reads an order as JSON, prints what the function gave.

{"source": the function's text, "name": its name, "policy": fields of the policy, "arguments": keywords,
"without": names of layers to leave out, "cgroup": bytes of a memory cgroup or null, "before": code run before}
"""

import json
import os
import signal
import sys
import tempfile
import time
import traceback
import types
from pathlib import Path

from proctor.sandbox import SandboxError, cgroups, confine, confinement, enter, preload
from proctor.sandbox.policy import Policy, python_paths

PATIENCE = 1000  # seconds: a net below the one of who runs this


def main() -> None:
    """Carry the order out; the last line printed is the answer."""
    order = json.load(sys.stdin)
    folder = tempfile.mkdtemp(prefix="inside-")
    os.chmod(folder, 0o755)
    group = cgroups.create(f"test-{os.getpid()}", order["cgroup"], 200) if order["cgroup"] else None
    if group:
        order["policy"]["cgroups"] = group.directories
    order["policy"]["read_only"] = (*python_paths(), *order["policy"].get("read_only", ()))
    for layer in order["without"]:
        leave_out(layer)
    exec(order["before"], {})
    preload()
    answer = attempt({"root": folder, **order["policy"]}, order)
    if group:
        answer["killed_by_memory"] = group.killed_by_memory()
        group.remove()
        answer["removed"] = not any(os.path.exists(directory) for directory in group.directories)
    answer["mount_left"] = os.listdir(folder)
    os.rmdir(folder)
    print(json.dumps(answer))


def leave_out(layer: str) -> None:
    """Make a layer do nothing, to show that another one holds alone."""
    if layer == "seccomp":
        confinement.syscalls.program = lambda: None
    else:
        confinement.landlock.restrict = lambda: False


def attempt(policy: dict, order: dict) -> dict:
    """Enter, confine, run the function."""
    read_end, write_end = os.pipe()
    if (child := os.fork()) == 0:
        os.close(read_end)
        try:
            status = supervise(Policy(**policy), order, write_end)
            tell(write_end, {"status": status})
        except SandboxError as error:
            tell(write_end, {"sandbox_error": str(error)})
        finally:
            os._exit(0)
    os.close(write_end)
    answer = {}
    with open(read_end, encoding="utf-8") as file:
        for line in file:
            answer.update(json.loads(line))
    os.waitpid(child, 0)
    return answer


def supervise(policy: Policy, order: dict, write_end: int) -> int:
    """The first child: enter, fork process 1, and wait for its end."""
    signal.alarm(PATIENCE)  # ends this process, and with it all inside
    begin = time.process_time()  # starts from 0 in a child
    enter(policy)
    entered = time.process_time() - begin
    if (first := os.fork()) == 0:
        try:
            confine(policy)
            tell(write_end, {"seconds": entered + time.process_time()})
            tell(write_end, {"value": run(order)})
        except SandboxError as error:
            tell(write_end, {"sandbox_error": str(error)})
        except BaseException:
            tell(write_end, {"error": traceback.format_exc()})
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])


def run(order: dict):
    """Call the function in a module of its own, where multiprocessing can find it."""
    sys.modules["__main__"] = types.ModuleType("__main__")  # as in a notebook: no file that a spawned child could run
    os.environ.update(HOME="/submission", TMPDIR="/tmp", MPLCONFIGDIR="/tmp")
    Path("task.py").write_text(order["source"])
    sys.path.insert(0, "/submission")
    import task

    return getattr(task, order["name"])(**order["arguments"])


def tell(descriptor: int, found: dict) -> None:
    """Write one line of JSON."""
    os.write(descriptor, json.dumps(found).encode() + b"\n")


if __name__ == "__main__":
    main()
