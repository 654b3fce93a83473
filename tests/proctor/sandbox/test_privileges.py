"""Rights are gone for good: no capability, no setuid program, no namespace and no system call brings one back."""

import pytest


def rights():
    import os
    from pathlib import Path

    status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
    found = {key: int(status[key], 16) for key in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
    return {
        "capabilities": set(found.values()) == {0},
        "no_new_privs": status["NoNewPrivs"],
        "groups": os.getgroups(),
        "ids": [*os.getresuid(), *os.getresgid()],
        "session": os.getsid(0),
    }


def test_rights(sandbox, user):
    found = sandbox(rights, uid=60_777, gid=60_778)
    assert found["capabilities"]
    assert found["no_new_privs"] == "1"
    assert found["session"] == 1
    assert 0 not in found["ids"]
    if user == "root":
        assert found["ids"] == [60_777] * 3 + [60_778] * 3
        assert found["groups"] == []


def climb():
    import ctypes
    import os
    import shutil
    import subprocess

    found = {}
    libc = ctypes.CDLL(None, use_errno=True)

    def attempt(name, *arguments):
        if (child := os.fork()) == 0:
            os._exit(0 if getattr(libc, name)(*arguments) == 0 else 1)
        return os.waitpid(child, 0)[1] == 0

    for flag in (0x10000000, 0x00020000, 0x20000000, 0x40000000, 0x10000000 | 0x00020000):
        found[f"unshare {flag:#x}"] = attempt("unshare", flag)
    found["setns"] = attempt("setns", os.open("/proc/self/ns/net", os.O_RDONLY), 0)
    found["mount"] = attempt("mount", b"tmpfs", b"/tmp", b"tmpfs", 0, None)
    found["remount"] = attempt("mount", None, b"/", None, 32 | 4096, None)
    found["umount"] = attempt("umount2", b"/submission", 2)
    found["chroot"] = attempt("chroot", b"/tmp")
    found["setuid"] = attempt("setuid", 0)
    found["sethostname"] = attempt("sethostname", b"x", 1)
    shutil.copyfile("/bin/sh", "/tmp/shell")
    os.chmod("/tmp/shell", 0o6755)
    command = ["/tmp/shell", "-p", "-c", "id -u"]
    found["setuid shell"] = subprocess.run(command, capture_output=True, text=True).stdout.strip() == "0"
    for command in (["su", "-c", "id -u"], ["mount", "-t", "tmpfs", "tmpfs", "/tmp"], ["unshare", "-r", "id", "-u"]):
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        found[command[0]] = done.returncode == 0
    return found


@pytest.mark.parametrize("without", [(), ("seccomp",), ("landlock", "seccomp")])
def test_nothing_brings_rights_back(sandbox, without):
    assert {name for name, works in sandbox(climb, without=without).items() if works} == set()


def refused():
    import ctypes
    import errno
    import os
    import socket

    libc = ctypes.CDLL(None, use_errno=True)
    x86 = os.uname().machine == "x86_64"
    found = {}

    def attempt(name, number, *arguments):
        result = libc.syscall(number, *arguments)
        found[name] = errno.errorcode[ctypes.get_errno()] if result < 0 else "allowed"

    attempt("ptrace", 101 if x86 else 117, 0, 0, 0, 0)
    attempt("bpf", 321 if x86 else 280, 0, None, 0)
    attempt("perf_event_open", 298 if x86 else 241, None, 0, -1, -1, 0)
    attempt("keyctl", 250 if x86 else 219, 0, -3, 0)
    attempt("userfaultfd", 323 if x86 else 282, 1)
    attempt("io_uring_setup", 425, 1, None)
    attempt("process_vm_readv", 310 if x86 else 270, 1, None, 0, None, 0, 0)
    attempt("clone", 56 if x86 else 220, ctypes.c_long(0x10000000 | 17), 0, 0, 0, 0)
    attempt("clone3", 435, None, 0)
    attempt("personality", 135 if x86 else 92, ctypes.c_long(0x0040000))
    attempt("personality with high bits", 135 if x86 else 92, ctypes.c_long(1 << 32 | 0x0040000))
    attempt("socket with high bits", 41 if x86 else 198, ctypes.c_long(1 << 32 | 17), ctypes.c_long(3), 0)
    for name in ("AF_PACKET", "AF_VSOCK", "AF_ALG"):
        try:
            socket.socket(getattr(socket, name), socket.SOCK_RAW if name == "AF_PACKET" else socket.SOCK_STREAM)
            found[name] = "allowed"
        except OSError as error:
            found[name] = errno.errorcode[error.errno]
    return found


def test_system_calls(sandbox, report):
    if not next(layer for layer in report.layers if layer.name == "seccomp").available:
        pytest.skip("no seccomp here")
    found = sandbox(refused)
    assert found.pop("clone3") == "ENOSYS"
    assert set(found.values()) == {"EPERM"}, found


def test_without_the_package(sandbox):
    """Neither pyseccomp nor libseccomp is needed."""
    found = sandbox(rights, before="import sys; sys.modules['pyseccomp'] = None")
    assert found["capabilities"]


def spy():
    import os
    from pathlib import Path

    found = {}
    for name in ("maps", "fd"):
        try:
            path = Path("/proc/1", name)
            found[name] = bool(os.listdir(path)) if name == "fd" else bool(path.read_bytes())
        except OSError as error:
            found[name] = type(error).__name__
    found["writable"] = []
    for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/user/max_user_namespaces"):
        if os.path.exists(path) and os.access(path, os.W_OK):
            found["writable"].append(path)
    return found


@pytest.mark.parametrize("without", [(), ("landlock", "seccomp")])
def test_proc(sandbox, without):
    found = sandbox(spy, without=without)
    assert found["fd"] is True  # a process may see itself
    assert found["maps"] is True
    assert found["writable"] == []


def write_comm():
    try:
        open("/proc/self/comm", "w").close()
        return "written"
    except PermissionError:
        return "refused"


def test_landlock_alone(sandbox, report):
    if not next(layer for layer in report.layers if layer.name == "landlock").available:
        pytest.skip("no Landlock here")
    assert sandbox(write_comm) == "refused"
    assert sandbox(write_comm, without=["landlock"]) == "written"
