"""Archives that are whole, broken, changed or hostile."""

import hashlib
import stat
import zipfile

import pytest

from seeing.data import BadFile
from seeing.data.archive import content_sha256, unpack_zip
from tests.seeing.data.trees import cut, write, zipped

FILES = {"top/a/1.txt": b"one", "top/a/deep/2.txt": b"two", "top/3.txt": b"three", "other/4.txt": b"four"}


def archive(tmp_path, files):
    return write(tmp_path / "it.zip", zipped(files))


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_folder_of_it_is_unpacked(tmp_path):
    unpack_zip(archive(tmp_path, FILES), tmp_path / "out", "top/")
    assert tree(tmp_path / "out") == {"a/1.txt": b"one", "a/deep/2.txt": b"two", "3.txt": b"three"}
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["3.txt", "a"]  # and no scratch folder


def test_what_is_there_stays_and_what_is_missing_comes(tmp_path):
    write(tmp_path / "out" / "a" / "1.txt", "mine")
    unpack_zip(archive(tmp_path, FILES), tmp_path / "out", "top/")
    assert tree(tmp_path / "out") == {"a/1.txt": b"mine", "a/deep/2.txt": b"two", "3.txt": b"three"}


def test_the_content_is_checked_however_it_is_packed(tmp_path):
    lines = "".join(f"{hashlib.sha256(v).hexdigest()}  {k[4:]}\n" for k, v in sorted(FILES.items()) if k[:3] == "top")
    wanted = hashlib.sha256(lines.encode()).hexdigest()
    unpack_zip(archive(tmp_path, dict(reversed(FILES.items()))), tmp_path / "out", "top/", wanted)
    assert content_sha256(tmp_path / "out") == wanted
    with pytest.raises(BadFile, match=f"it.zip: what it holds should have SHA-256 {wanted}; got"):
        unpack_zip(archive(tmp_path, {**FILES, "top/3.txt": b"evil"}), tmp_path / "fresh", "top/", wanted)
    assert list((tmp_path / "fresh").iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", "top/../../evil", "/evil", "top\\..\\evil", "c:/evil", "top/.."])
def test_a_name_outside_its_folder_is_refused(tmp_path, name):
    path = tmp_path / "it.zip"
    with zipfile.ZipFile(path, "w") as hostile:
        hostile.writestr("fine.txt", b"fine")
        hostile.writestr(name, b"evil")
    with pytest.raises(BadFile, match="a name inside its own folder was expected"):
        unpack_zip(path, tmp_path / "out")
    assert tree(tmp_path).keys() == {"it.zip"}


def test_a_link_becomes_a_file(tmp_path):
    path = tmp_path / "it.zip"
    with zipfile.ZipFile(path, "w") as hostile:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        hostile.writestr(link, "/etc/hostname")
    unpack_zip(path, tmp_path / "out")
    assert not (tmp_path / "out" / "link").is_symlink()
    assert (tmp_path / "out" / "link").read_bytes() == b"/etc/hostname"


def test_a_bomb_is_refused(tmp_path):
    with pytest.raises(BadFile, match="unpacks to 50000000 bytes, over 100 times its own size"):
        unpack_zip(archive(tmp_path, {"zeros": bytes(50_000_000)}), tmp_path / "out")


@pytest.mark.parametrize("break_it", [cut, lambda p: write(p, b""), lambda p: write(p, b"no zip")])
def test_a_broken_archive_is_refused(tmp_path, break_it):
    path = archive(tmp_path, FILES)
    break_it(path)
    with pytest.raises(BadFile, match=r"it\.zip: a whole zip archive was expected"):
        unpack_zip(path, tmp_path / "out", "top/")
    assert tree(tmp_path).keys() == {"it.zip"}


def test_a_flipped_bit_is_refused(tmp_path):
    path = archive(tmp_path, {"a": bytes(range(200))})
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)
    with pytest.raises(BadFile, match=r"it\.zip: a whole zip archive"):
        unpack_zip(path, tmp_path / "out")
    assert tree(tmp_path).keys() == {"it.zip"}


def test_an_archive_without_the_folder_is_refused(tmp_path):
    with pytest.raises(BadFile, match="files under 'elsewhere/' were expected"):
        unpack_zip(archive(tmp_path, FILES), tmp_path / "out", "elsewhere/")
