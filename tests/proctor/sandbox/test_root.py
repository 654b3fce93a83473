"""The file system inside: what is shown is read-only, what is hidden is empty, what is copied in is plain."""

import os

import pytest


@pytest.fixture
def host(tmp_path, user):
    """A folder that anybody may read, with a secret file and a secret folder."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o005 == 0o005:
            break
        folder.chmod(0o755)
    (tmp_path / "secret/shown").mkdir(parents=True)
    for name in ("open.txt", "secret.txt", "secret/inner.txt", "secret/shown/a.txt"):
        (tmp_path / name).write_text("text")
        (tmp_path / name).chmod(0o666)
    return tmp_path


def write_everywhere(places):
    import os

    found = {}
    for place in places:
        try:
            with open(place, "a") as file:
                file.write("x")
            found[place] = "written"
        except OSError as error:
            found[place] = os.strerror(error.errno)
    return found


@pytest.mark.parametrize("without", [(), ("landlock", "seccomp")])
def test_writing(sandbox, host, without):
    own = ["/submission/a", "/tmp/a", "/dev/shm/a", "/dev/null"]
    others = ["/usr/a", "/a", "/etc/a", "/etc/passwd", "/dev/a", "/root/a", f"{host}/open.txt", f"{host}/a", "/sys/a"]
    found = sandbox(write_everywhere, arguments={"places": own + others}, read_only=[str(host)], without=without)
    assert {found[place] for place in own} == {"written"}
    assert {found[place] for place in others} <= {"Read-only file system", "Permission denied"}
    assert (host / "open.txt").read_text() == "text"
    assert not os.path.exists("/tmp/a")


def look(host):
    import os
    from pathlib import Path

    found = {"inner": os.path.exists(f"{host}/secret/inner.txt"), "folder": os.listdir(f"{host}/secret")}
    found["shown inside"] = os.listdir(f"{host}/secret/shown")
    found["open"] = Path(host, "open.txt").read_text()
    found["file"] = Path(host, "secret.txt").read_text()
    for name in ("secret", "secret.txt"):
        try:
            os.rename(f"{host}/{name}", f"{host}/moved")
            found[f"{name} moved"] = True
        except OSError:
            found[f"{name} moved"] = False
    found["root"] = sorted(os.listdir("/"))
    found["mounts over the work folder"] = [
        line for line in Path("/proc/mounts").read_text().splitlines() if line.split()[1] == "/submission"
    ]
    return found


def test_hidden(sandbox, host):
    found = sandbox(
        look,
        arguments={"host": str(host)},
        read_only=[str(host), f"{host}/secret/shown"],
        hidden=[f"{host}/secret", f"{host}/secret.txt"],
    )
    assert (found["open"], found["file"], found["folder"], found["inner"]) == ("text", "", ["shown"], False)
    assert found["shown inside"] == ["a.txt"]
    assert not found["secret moved"]
    assert not found["secret.txt moved"]
    assert not {"home", "boot", "mnt", "var", "opt", ".empty"} & set(found["root"])
    assert len(found["mounts over the work folder"]) == 1


def read_work():
    import os
    from pathlib import Path

    found = {}
    for folder, _, names in os.walk("/submission"):
        if "main" not in folder and "__pycache__" not in folder:
            for name in names:
                path = os.path.join(folder, name)
                found[os.path.relpath(path, "/submission")] = [Path(path).read_text(), os.access(path, os.W_OK)]
    found.pop("task.py", None)
    return found


def test_files_copied_in(sandbox, host):
    files = [(f"{host}/open.txt", "data/deep/a.txt"), (f"{host}/secret.txt", "b.txt")]
    assert sandbox(read_work, files=files) == {"data/deep/a.txt": ["text", True], "b.txt": ["text", True]}
    assert (host / "open.txt").read_text() == "text"


@pytest.mark.parametrize("kind", ["symlink", "folder symlink", "pipe", "folder", "absent", "twice", "too large"])
def test_files_refused(sandbox, host, kind):
    (host / "link").symlink_to("/etc/passwd")
    (host / "folder").symlink_to(host / "secret")
    os.mkfifo(host / "pipe")
    pair, message = {
        "symlink": (("link", "a"), "`link` is a symlink"),
        "folder symlink": (("folder/inner.txt", "a"), "`folder` is a symlink"),
        "pipe": (("pipe", "a"), "not a regular file"),
        "folder": (("secret", "a"), "not a regular file"),
        "absent": (("absent", "a"), "No such file"),
        "twice": (("open.txt", "a"), "File exists"),
        "too large": (("large", "a"), "No space left"),
    }[kind]
    if kind == "too large":
        with open(host / "large", "wb") as file:
            file.truncate(3 * 2**20)
    if kind == "pipe":
        (host / "pipe").chmod(0o666)
    files = [(f"{host}/{pair[0]}", pair[1])] * (2 if kind == "twice" else 1)
    answer = sandbox(read_work, files=files, disk=2**20, whole=True)
    assert "value" not in answer
    assert answer["sandbox_error"].startswith("files: ")
    assert message in answer["sandbox_error"]


def fill():
    import errno
    import os

    found = {}
    for folder in ("/submission", "/tmp", "/dev/shm"):
        written = 0
        try:
            for i in range(100):
                with open(f"{folder}/{i}", "wb") as file:
                    file.write(b"x" * 2**20)
                written += 1
        except OSError as error:
            found[folder] = [written, errno.errorcode[error.errno]]
    try:
        for i in range(100_000):
            os.close(os.open(f"/dev/shm/many{i}", os.O_CREAT))
    except OSError as error:
        found["many"] = [i < 3000, errno.errorcode[error.errno]]
    return found


def test_disk(sandbox):
    found = sandbox(fill, disk=8 * 2**20)
    assert found.pop("many") == [True, "ENOSPC"]
    assert {code for _, code in found.values()} == {"ENOSPC"}
    assert all(7 <= written <= 8 for written, _ in found.values())


def names():
    import getpass
    import os
    import pwd
    import socket
    import subprocess

    return {
        "user": getpass.getuser(),
        "home": pwd.getpwuid(os.getuid()).pw_dir,
        "localhost": socket.gethostbyname("localhost"),
        "host": socket.gethostname(),
        "shell": subprocess.run("echo $((1 + 1)); ls -l /bin", shell=True, capture_output=True, text=True).stdout,
        "terminal": os.isatty(os.openpty()[0]),
        "processors": os.cpu_count(),
    }


def test_names(sandbox):
    found = sandbox(names)
    assert (found["user"], found["home"], found["localhost"]) == ("student", "/submission", "127.0.0.1")
    assert found["host"] == "sandbox"
    assert found["shell"].startswith("2\n")
    assert found["terminal"]
    assert found["processors"] == os.cpu_count()


def test_root_that_is_not_there(sandbox):
    answer = sandbox(names, root="/no/such/folder", whole=True)
    assert answer["sandbox_error"].startswith("read-only root: mount /no/such/folder: No such file or directory; ")


def walk_to_itself(root):
    import os

    return os.listdir(root)


def test_the_root_is_not_seen_in_itself(sandbox, host):
    root = host / "root"
    root.mkdir(mode=0o755)
    assert sandbox(walk_to_itself, arguments={"root": str(root)}, root=str(root), read_only=[str(host)]) == []
