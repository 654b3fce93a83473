"""The host's processes and network do not exist inside; what a sandbox has itself works."""

import os
import socket
import subprocess
from contextlib import ExitStack

import pytest


def see_processes(outside):
    import os
    import signal
    from contextlib import suppress
    from pathlib import Path

    found = {"processes": sorted(int(name) for name in os.listdir("/proc") if name.isdigit()), "pid": os.getpid()}
    found["parent"] = os.getppid()
    for number in (outside, os.getppid() or outside):
        try:
            os.kill(number, signal.SIGKILL)
            found["killed"] = True
        except OSError:
            found["killed"] = False
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.kill(0, signal.SIGTERM)
    with suppress(OSError):
        os.kill(-1, signal.SIGKILL)
    found["command"] = Path("/proc/1/cmdline").read_text()
    return found


@pytest.mark.parametrize("without", [(), ("landlock", "seccomp")])
def test_processes(sandbox, user, without):
    sleeper = subprocess.Popen(["sleep", "3600"], user=12345 if user == "ordinary user" and os.geteuid() == 0 else None)
    try:
        found = sandbox(see_processes, arguments={"outside": sleeper.pid}, without=without)
        assert found["processes"] == [1]
        assert (found["pid"], found["parent"], found["killed"]) == (1, 0, False)
        assert "inside.py" in found["command"]
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def reach(tcp, udp, abstract, path):
    import errno
    import socket

    found = {}
    for name, family, kind, address in (
        ("tcp", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", tcp)),
        ("internet", socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 80)),
        ("abstract", socket.AF_UNIX, socket.SOCK_STREAM, "\0" + abstract),
        ("unix", socket.AF_UNIX, socket.SOCK_STREAM, path),
    ):
        with socket.socket(family, kind) as client:
            client.settimeout(60)
            try:
                client.connect(address)
                found[name] = "connected"
            except OSError as error:
                found[name] = errno.errorcode.get(error.errno, str(error))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"x", ("127.0.0.1", udp))
    return found


@pytest.mark.parametrize("without", [(), ("landlock", "seccomp")])
def test_network(sandbox, tmp_path, without):
    name = f"sandbox-test-{os.getpid()}"
    path = f"/tmp/{name}"
    with ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.1)
        for address in ("\0" + name, path):
            server = stack.enter_context(socket.socket(socket.AF_UNIX))
            server.bind(address)
            server.listen()
        stack.callback(os.unlink, path)
        ports = {"tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1]}
        found = sandbox(reach, arguments={**ports, "abstract": name, "path": path}, without=without)
        with pytest.raises(TimeoutError):
            udp.recv(1)
    assert found == {"tcp": "ECONNREFUSED", "internet": "ENETUNREACH", "abstract": "ECONNREFUSED", "unix": "ENOENT"}


def serve_oneself():
    import socket
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0own")
        threading.Thread(target=lambda: server.accept()[0].sendall(b"hello")).start()
        return socket.create_connection(("localhost", server.getsockname()[1])).recv(5).decode()


def test_localhost_inside_works(sandbox):
    assert sandbox(serve_oneself) == "hello"


def test_many_share_a_root(program):
    """Each mounts the shared folder in its own namespace; none sees another's files."""
    code = """
import os, tempfile
from pathlib import Path
from proctor.sandbox import Policy, confine, enter
from proctor.sandbox.policy import python_paths
folder = tempfile.mkdtemp(); os.chmod(folder, 0o755)
barrier, arrived = os.pipe()
go, start = os.pipe()
children = []
for number in range(3):
    if (child := os.fork()) == 0:
        policy = Policy(folder, read_only=python_paths(), uid=60901 + number)
        enter(policy)
        if (first := os.fork()) == 0:
            confine(policy)
            Path(f"/tmp/{number}").touch()
            os.write(arrived, b"x")
            os.read(go, 1)
            os._exit(0 if {"0", "1", "2"} & set(os.listdir("/tmp")) == {str(number)} else 1)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]))
    children.append(child)
for _ in children:
    assert os.read(barrier, 1)
assert os.listdir(folder) == []
os.write(start, b"xxx")
print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
os.rmdir(folder)
"""
    done = program("-c", code)
    assert done.stdout == "[0, 0, 0]\n", done.stderr


def test_dies_with_its_parent(program):
    """The process that entered is the handle: when it is ended, all inside is."""
    code = """
import os, signal, sys, tempfile, time
from proctor.sandbox import Policy, confine, enter
from proctor.sandbox.policy import python_paths
folder = tempfile.mkdtemp(); os.chmod(folder, 0o755)
policy = Policy(folder, read_only=python_paths())
read, write = os.pipe()
if (child := os.fork()) == 0:
    enter(policy)
    if os.fork() == 0:
        confine(policy)
        os.write(write, b"x")
        time.sleep(10000)
    time.sleep(10000)
os.close(write)
assert os.read(read, 1) == b"x"
os.kill(child, signal.SIGKILL)
assert os.read(read, 1) == b""  # well before the sleepers would end by themselves
os.waitpid(child, 0); os.rmdir(folder)
print("ended")
"""
    done = program("-c", code)
    assert done.stdout == "ended\n", done.stderr
