"""Files found, fetched from a server on this machine, interrupted, changed and refused."""

import hashlib
import os
from pathlib import Path

import pytest

from seeing.data import BadFile, DataNotFound
from seeing.data.download import Remote, Source, data_root, fetch, find_files, find_folder
from tests.seeing.data.trees import write, zipped

CONTENT = bytes(range(256)) * 20_000  # 5 MB: several chunks
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NOWHERE = "http://127.0.0.1:9/file"  # port 9 refuses


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def source(*remotes: Remote, aliases: tuple[str, ...] = ()) -> Source:
    return Source("toys", "Toys", "http://example.org/toys", remotes, aliases)


def test_the_root_is_what_is_passed_then_the_variable_then_the_cache(monkeypatch):
    monkeypatch.setenv("SEEING_DATA", "/somewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert data_root("~/x") == Path.home() / "x"
    assert data_root() == Path("/somewhere")
    monkeypatch.setenv("SEEING_DATA", "")
    assert data_root() == Path("/caches/seeing")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert data_root() == Path.home() / ".cache" / "seeing"


def test_a_download_is_whole_checked_silent_and_leaves_nothing_else(tmp_path, origin, capfd):
    url = origin.put("a.bin", CONTENT)
    path = fetch(Remote(url, "deep/a.bin", sha256=SHA256), tmp_path / "toys")
    assert path == tmp_path / "toys" / "deep" / "a.bin"
    assert path.read_bytes() == CONTENT
    assert names(tmp_path) == ["a.bin"]
    assert capfd.readouterr() == ("", "")


def test_an_interrupted_download_goes_on_where_it_stopped(tmp_path, origin):
    remote = Remote(origin.put("a.bin", CONTENT), "a.bin", sha256=SHA256)
    origin.cut_after = 1_500_000
    with pytest.raises(ConnectionError, match="ended after 1500000 of 5120000 bytes"):
        fetch(remote, tmp_path)
    assert names(tmp_path) == ["a.bin.part"]
    origin.cut_after = None
    assert fetch(remote, tmp_path).read_bytes() == CONTENT
    assert origin.asked == [("/a.bin", None), ("/a.bin", "bytes=1500000-")]
    assert names(tmp_path) == ["a.bin"]


def test_a_server_that_sends_no_part_sends_all(tmp_path, origin):
    remote = Remote(origin.put("a.bin", CONTENT), "a.bin", sha256=SHA256)
    write(tmp_path / "a.bin.part", CONTENT[:1000])
    origin.ranges = False
    assert fetch(remote, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("kept", [CONTENT, b"x" * len(CONTENT)])
def test_a_part_that_is_as_long_as_the_file_is_checked_not_fetched(tmp_path, origin, kept):
    remote = Remote(origin.put("a.bin", CONTENT), "a.bin", sha256=SHA256)
    write(tmp_path / "a.bin.part", kept)
    if kept == CONTENT:
        assert fetch(remote, tmp_path).read_bytes() == CONTENT
    else:
        with pytest.raises(BadFile, match="nothing was kept"):
            fetch(remote, tmp_path)
        assert names(tmp_path) == []


def test_a_wrong_checksum_names_file_expected_and_got_and_spares_the_good_file(tmp_path, origin):
    write(tmp_path / "a.bin", b"good")
    remote = Remote(origin.put("a.bin", b"evil"), "a.bin", sha256=SHA256)
    with pytest.raises(ValueError, match=f"a.bin: .*{SHA256}.*{hashlib.sha256(b'evil').hexdigest()}"):
        fetch(remote, tmp_path)
    assert (tmp_path / "a.bin").read_bytes() == b"good"
    assert names(tmp_path) == ["a.bin"]


def test_the_first_download_without_a_checksum_is_trusted_and_remembered(tmp_path, origin):
    remote = Remote(origin.put("a.bin", CONTENT), "a.bin")
    fetch(remote, tmp_path)
    assert (tmp_path / "a.bin.sha256").read_text() == f"{SHA256}  a.bin\n"
    fetch(remote, tmp_path)
    origin.put("a.bin", b"changed")
    with pytest.raises(BadFile, match=SHA256):
        fetch(remote, tmp_path)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


def test_without_a_checksum_nothing_of_an_interrupted_download_is_kept(tmp_path, origin):
    """Two halves of two versions would be trusted as one file."""
    remote = Remote(origin.put("a.bin", CONTENT), "a.bin")
    origin.cut_after = 10
    with pytest.raises(ConnectionError):
        fetch(remote, tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("aborted", [KeyboardInterrupt, MemoryError])
def test_an_abort_leaves_no_file_in_place(tmp_path, origin, monkeypatch, aborted):
    def abort(_):
        raise aborted

    remote = Remote(origin.put("a.bin", CONTENT), "a.bin", sha256=SHA256)
    monkeypatch.setattr("seeing.data.download.sha256_of", abort)
    with pytest.raises(aborted):
        fetch(remote, tmp_path)
    assert names(tmp_path) == ["a.bin.part"]


@pytest.mark.parametrize("place", ["toys/in/a.txt", "Toys/a.txt", "toys/original/a.txt", "a.txt", "original/a.txt"])
def test_a_file_that_is_there_is_used_as_it_is(tmp_path, place):
    path = write(tmp_path / place, "mine")
    remote = Remote(NOWHERE, "in/a.txt", origin="original/a.txt", sha256=SHA256)
    assert find_files(source(remote, aliases=("Toys",)), tmp_path, True) == [path]


def test_files_that_are_missing_are_fetched_into_the_data_sets_folder(tmp_path, origin):
    here = write(tmp_path / "toys" / "a.txt", "mine")
    remotes = [Remote(NOWHERE, "a.txt"), Remote(origin.put("b.bin", CONTENT), "b.bin", sha256=SHA256)]
    assert find_files(source(*remotes), tmp_path, True) == [here, tmp_path / "toys" / "b.bin"]
    assert find_files(source(*remotes), tmp_path, False) == [here, tmp_path / "toys" / "b.bin"]
    assert len(origin.asked) == 1


@pytest.mark.parametrize("download", [False, True])
def test_offline_the_error_says_what_where_why_and_what_to_do(tmp_path, monkeypatch, download):
    monkeypatch.delenv("SEEING_DATA", raising=False)
    remotes = (Remote(NOWHERE, "a.txt"), Remote("http://127.0.0.1:9/b.zip", "b.zip", unpack="b/"))
    with pytest.raises(DataNotFound) as error:
        find_files(source(*remotes), tmp_path, download)
    assert isinstance(error.value, FileNotFoundError)
    text = str(error.value)
    assert text.startswith(f"Not found: Toys. There is no a.txt in {tmp_path / 'toys'}, {tmp_path}.")
    assert ("refused" if download else "download=False") in text
    assert f"{NOWHERE}\n    to {tmp_path / 'toys' / 'a.txt'}\n" in text
    assert f"b.zip, and unpack what is in its folder b/ into {tmp_path / 'toys'}\n" in text
    assert "root=... or set the environment variable SEEING_DATA (now not set)" in text
    assert list(tmp_path.iterdir()) == []


def test_a_missing_page_is_a_clear_error(tmp_path, origin):
    with pytest.raises(DataNotFound, match="HTTP Error 404"):
        find_files(source(Remote(f"{origin.address}/gone", "a.txt")), tmp_path, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path, origin):
    tmp_path.chmod(0o500)
    with pytest.raises(DataNotFound, match="Permission"):
        find_files(source(Remote(origin.put("a", b"a"), "a")), tmp_path, True)
    tmp_path.chmod(0o700)


def test_a_folder_in_the_way_is_a_clear_error(tmp_path, origin):
    write(tmp_path / "toys", "a file where the folder should be")
    with pytest.raises(DataNotFound, match=r"File exists|Not a directory"):
        find_files(source(Remote(origin.put("a", b"a"), "a")), tmp_path, True)


def test_an_archive_is_fetched_unpacked_and_removed(tmp_path, origin):
    archive = zipped({"Toys-1/data/x/1.txt": b"1", "Toys-1/data/y/2.txt": b"2", "Toys-1/setup.py": b""})
    remote = Remote(origin.put("t.zip", archive), "t.zip", unpack="Toys-1/data/")
    layouts = [("images", "masks"), ("x", "y")]
    assert find_folder(source(remote), tmp_path, True, layouts) == (tmp_path / "toys", 1)
    assert names(tmp_path) == ["1.txt", "2.txt", "t.zip.sha256"]
    assert find_folder(source(remote), tmp_path, False, layouts) == (tmp_path / "toys", 1)
    assert len(origin.asked) == 1


def test_a_page_instead_of_an_archive_is_not_trusted(tmp_path, origin):
    """A network's login page comes with status 200; its checksum must not be remembered."""
    remote = Remote(origin.put("t.zip", b"<html>Log in</html>"), "t.zip", unpack="t/")
    with pytest.raises(BadFile, match=r"t\.zip: a whole zip archive was expected"):
        find_folder(source(remote), tmp_path, True, [("x",)])
    assert names(tmp_path) == []
    origin.put("t.zip", zipped({"t/x/1.txt": b"1"}))
    assert find_folder(source(remote), tmp_path, True, [("x",)])[0] == tmp_path / "toys"


def test_an_archive_that_lacks_what_it_should_hold_is_a_clear_error(tmp_path, origin):
    remote = Remote(origin.put("t.zip", zipped({"t/z/1.txt": b"1"})), "t.zip", unpack="t/")
    with pytest.raises(DataNotFound, match="what was fetched lacks it"):
        find_folder(source(remote), tmp_path, True, [("x",)])


def test_the_bar_shows_on_a_terminal_only(tmp_path, origin, monkeypatch):
    import io

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    fetch(Remote(origin.put("a.bin", CONTENT), "a.bin", sha256=SHA256), tmp_path)
    assert "a: 100%" in screen.getvalue()
