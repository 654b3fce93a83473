"""A fork of the warm process is a kernel like any other, and takes nobody along when it ends."""

import os
import signal

import pytest
from jupyter_client.manager import KernelManager
from seeing_book import warm
from warm_kernels.handle import Fork, ServerGone, WarmServer, possible

pytestmark = pytest.mark.skipif(not possible(), reason="kernels are forked on Linux only")


@pytest.fixture(scope="module")
def server():
    made = WarmServer(["colorsys", "not_there", "json.dumps"])
    yield made
    made.stop()


def started(server, folder):
    manager = KernelManager()
    server.provide(manager)
    with open(os.devnull, "w") as nowhere:
        manager.start_kernel(cwd=str(folder), stderr=nowhere)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=300)
    return manager, client


def prints(client, code: str) -> str:
    said = []
    client.execute_interactive(
        code, output_hook=lambda news: said.append(news["content"].get("text", "")), allow_stdin=False
    )
    return "".join(said)


def test_a_fork_has_the_imports_its_own_folder_and_random_numbers_of_its_own(server, tmp_path):
    code = "import os, random, sys; print('colorsys' in sys.modules, os.getcwd(), random.random())"
    said = []
    for _ in range(2):
        manager, client = started(server, tmp_path)
        assert isinstance(manager.provisioner.process, Fork)
        said.append(prints(client, code).split())
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert [line[:2] for line in said] == [["True", str(tmp_path)]] * 2
    assert said[0][2] != said[1][2]


def test_how_a_fork_ended_is_known_and_the_next_one_starts(server, tmp_path):
    for code, ending in (("import os; os._exit(3)", 3), ("import os; os.kill(os.getpid(), 9)", -signal.SIGKILL)):
        manager, client = started(server, tmp_path)
        client.execute(code)
        assert manager.provisioner.process.wait(timeout=300) == ending
        client.stop_channels()
        manager.cleanup_resources()


@pytest.mark.parametrize(
    "text", ["print('hello')", "import threading, time; threading.Thread(target=time.sleep, args=(60,)).start()"]
)
def test_a_process_whose_imports_did_something_serves_nobody(tmp_path, monkeypatch, text):
    (tmp_path / "does_something.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    server = WarmServer(["does_something"])
    with pytest.raises(ServerGone):
        server.fork(["-f", "none"], {}, str(tmp_path))
    manager, client = started(server, tmp_path)  # a process of its own instead
    assert not isinstance(manager.provisioner.process, Fork)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    server.stop()


def test_what_pages_import_is_listed_and_what_the_library_imports_later():
    assert warm.imports([["import a.b"], ["from c import d", "%magic"]]) == ["a", "a.b", "c", "c.d"]
    assert {"seeing", "numba"} <= set(warm.imports([["import seeing"]]))
    assert warm.imports([]) == []
