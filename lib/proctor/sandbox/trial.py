"""The trial that `probe` runs in a process of its own: enter, confine, and try to do harm. Prints JSON."""

import json
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path

from proctor.sandbox import cgroups, landlock, libc, syscalls
from proctor.sandbox.confinement import confine
from proctor.sandbox.namespaces import CLONE_NEWUSER, enter
from proctor.sandbox.policy import MIB, Policy, SandboxError, python_paths

MEMORY = 256 * MIB
PROCESSES = 16
OPEN_FILES = 64
PTRACE = {"x86_64": 101, "aarch64": 117}


def main() -> None:
    """Try everything and print {"failure": text, "layers": {name: [available, detail]}}."""
    folder = Path(tempfile.mkdtemp(prefix="sandbox-"))
    group = cgroups.create(f"sandbox-trial-{os.getpid()}", MEMORY, 4 * PROCESSES)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            found = attempt(prepare(folder, group), listener.getsockname()[1])
        if group and not found["failure"]:
            found["layers"]["memory cgroup"] = judge_memory(group, found.pop("memory"))
    finally:
        if group:
            group.remove()
        shutil.rmtree(folder)
    found["layers"].setdefault("memory cgroup", (False, "this user may not make one: memory is bounded per process"))
    found.pop("memory", None)
    print(json.dumps(found))


def prepare(folder: Path, group: cgroups.Group | None) -> Policy:
    """A policy that shows a folder in which one file and one folder are hidden."""
    folder.chmod(0o755)
    for name in ("root", "shown/secret"):
        (folder / name).mkdir(parents=True)
    for name in ("shown/open.txt", "shown/secret.txt", "shown/secret/inner.txt"):
        (folder / name).write_text("text")
    return Policy(
        root=str(folder / "root"),
        read_only=(*python_paths(), str(folder / "shown")),
        hidden=(str(folder / "shown/secret"), str(folder / "shown/secret.txt")),
        memory=MEMORY,
        disk=8 * MIB,
        processes=PROCESSES,
        open_files=OPEN_FILES,
        cgroups=group.directories if group else (),
    )


def attempt(policy: Policy, port: int) -> dict:
    """Enter a sandbox in a child, and return what process 1 inside found out."""
    read_end, write_end = os.pipe()
    if (child := os.fork()) == 0:
        try:
            enter(policy)
            if (first := os.fork()) == 0:
                confine(policy)
                answer(write_end, {"failure": "", **inside(policy, port)})
            os.waitpid(first, 0)
        except SandboxError as error:
            answer(write_end, {"failure": str(error), "layers": {error.layer: (False, str(error))}})
        except Exception as error:
            answer(write_end, {"failure": f"the trial itself failed: {error!r}", "layers": {}})
        finally:
            os._exit(0)
    os.close(write_end)
    with open(read_end, encoding="utf-8") as file:
        text = file.read()
    os.waitpid(child, 0)
    if not text:
        return {"failure": "the process in the sandbox ended before it could report", "layers": {}}
    return json.loads(text)


def answer(descriptor: int, found: dict) -> None:
    """Write the findings and end."""
    os.write(descriptor, json.dumps(found).encode())
    os._exit(0)


def inside(policy: Policy, port: int) -> dict:
    """What was found in the sandbox; each layer is true only if every attempt against it failed."""
    status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
    shown = Path(policy.read_only[-1])
    escaped = [name for name, works in attacks(port).items() if works]
    written = [path for path in ("/usr", "/", "/etc", "/dev", str(shown)) if can_write(path)]
    read = [path for path in policy.hidden if list_or_read(path)]
    if not (shown / "open.txt").read_text():
        read.append("nothing of what should be shown")
    held = [key for key in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb") if int(status[key], 16)]
    layers = {
        "namespaces": verdict(escaped, "host, network and processes are out of reach; no new namespace can be made"),
        "read-only root": verdict(
            [*written, *read], "writing outside /submission and /tmp fails, hidden files are empty"
        ),
        "dropped capabilities": verdict(held, f"none in any set, user {os.getuid()}"),
        "no new privileges": (status["NoNewPrivs"].strip() == "1", "setuid programs gain nothing"),
        "limits": verdict(exceeded(), "processes, open files, file sizes and core dumps are bounded"),
        "landlock": judge_landlock(),
        "seccomp": judge_seccomp(status),
    }
    return {"layers": layers, "memory": memory_hog() if policy.cgroups else False}


def verdict(broken: list[str], held: str) -> tuple[bool, str]:
    """Available if nothing broke through."""
    return (False, f"broken by: {', '.join(broken)}") if broken else (True, held)


def attacks(port: int) -> dict[str, bool]:
    """Ways out of the namespaces, and whether each works."""
    processes = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return {
        "a TCP connection to the host": succeeds(lambda: socket.create_connection(("127.0.0.1", port), 1)),
        "a look at the host's processes": processes != [1] or os.getpid() != 1,
        "a new user namespace": in_child(lambda: libc.unshare(CLONE_NEWUSER)),
        "a mount": succeeds(lambda: libc.mount("tmpfs", "/tmp", "tmpfs")),
    }


def succeeds(action) -> bool:
    """Whether an action raises no OSError."""
    try:
        action()
    except OSError:
        return False
    return True


def in_child(action) -> bool:
    """Whether an action works in a child, which it may spoil."""
    if (child := os.fork()) == 0:
        works = False
        try:
            works = succeeds(action)
        finally:
            os._exit(0 if works else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def can_write(folder: str) -> bool:
    """Whether a file can be made in a folder."""
    return succeeds(lambda: Path(folder, ".written").touch())


def list_or_read(path: str) -> bool:
    """Whether a hidden folder or file shows anything."""
    try:
        return bool(os.listdir(path)) if os.path.isdir(path) else bool(Path(path).read_bytes())
    except OSError:
        return False


def exceeded() -> list[str]:
    """The limits that did not hold."""
    broken = []
    children = []
    try:
        for _ in range(PROCESSES + 1):
            if (child := os.fork()) == 0:
                signal.pause()
            children.append(child)
        broken.append("more processes than allowed")
    except OSError:
        if not children:
            broken.append("no process can be made at all")
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if succeeds(lambda: [os.dup(1) for _ in range(OPEN_FILES)]):
        broken.append("more open files than allowed")
    os.closerange(OPEN_FILES // 2, OPEN_FILES)
    if resource.getrlimit(resource.RLIMIT_CORE) != (0, 0):
        broken.append("core dumps")
    return broken


def memory_hog() -> bool:
    """Whether a child that takes twice the memory is ended for it."""
    if (child := os.fork()) == 0:
        try:
            bytearray(b"x") * (2 * MEMORY)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def judge_memory(group: cgroups.Group, killed: bool) -> tuple[bool, str]:
    """Whether the kernel ended the hog, and counted it."""
    if killed and group.killed_by_memory():
        return True, "one bound for all processes of a sandbox together"
    return False, "the group was made, but a process that took twice its memory was not ended"


def judge_landlock() -> tuple[bool, str]:
    """Landlock alone forbids to write to a file of one's own in /proc."""
    if not (version := landlock.version()):
        return False, "this kernel has no Landlock (Linux 5.13, and `landlock` among its security modules)"
    if succeeds(lambda: os.close(os.open("/proc/self/comm", os.O_WRONLY))):
        return False, f"version {version} is there, but did not hold"
    return True, f"version {version}: writing is allowed in the sandbox's own folders only"


def judge_seccomp(status: dict[str, str]) -> tuple[bool, str]:
    """The filter is installed, and refuses what is harmless and allowed without it."""
    if syscalls.missing():
        return False, syscalls.missing()
    number = PTRACE[os.uname().machine]
    traced = in_child(lambda: libc.call("syscall", number, 0, 0, 0, 0))
    if status["Seccomp"].strip() != "2" or traced:
        return False, "the filter was made, but the kernel did not take it"
    return True, "system calls that attacks on the kernel are made of are refused"


if __name__ == "__main__":
    sys.exit(main())
