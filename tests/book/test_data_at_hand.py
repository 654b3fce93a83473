"""Which real data is there: found where the library looks, and any change of it noticed."""

import os

import pytest
from seeing_book import data_at_hand

from seeing.data import download


@pytest.mark.parametrize(
    "environment",
    [
        {"SEEING_DATA": "/some/where"},
        {"SEEING_DATA": "~/data"},
        {"SEEING_DATA": ""},
        {"SEEING_DATA": "", "XDG_CACHE_HOME": "/caches"},
        {"XDG_CACHE_HOME": "~/caches"},
        {"XDG_CACHE_HOME": ""},
        {},
    ],
)
def test_it_looks_where_the_library_looks(environment, monkeypatch):
    for name in ("SEEING_DATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert data_at_hand.data_root() == download.data_root()


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    for name in ("camvid/test/a.png", "camvid/testannot/a.png", "compas/scores.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("1")
        os.utime(folder / name, (1e9, 1e9))
    return folder


def test_reading_changes_nothing_and_neither_does_the_place(data):
    before = data_at_hand.digest(data)
    (data / "compas/scores.csv").read_text()
    assert data_at_hand.digest(data) == before
    assert data_at_hand.digest(data.rename(data.with_name("elsewhere"))) == before


@pytest.mark.parametrize("change", ["write", "touch", "add", "remove", "rename"])
def test_every_change_of_a_file_is_noticed(data, change):
    before = data_at_hand.digest(data)
    file = data / "camvid/test/a.png"
    if change == "write":
        file.write_text("22")
        os.utime(file, (1e9, 1e9))
    elif change == "touch":
        os.utime(file, (2e9, 2e9))
    elif change == "add":
        (data / "camvid/test/b.png").write_text("1")
    elif change == "remove":
        file.unlink()
    else:
        file.rename(data / "camvid/test/b.png")
    assert data_at_hand.digest(data) != before


def test_no_folder_and_an_empty_one_hold_none(tmp_path):
    assert data_at_hand.digest(tmp_path) == "none"
    assert data_at_hand.digest(tmp_path / "absent") == "none"


def test_links_are_followed_and_circles_end(data, tmp_path):
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "camvid").symlink_to(data / "camvid")
    (data / "camvid" / "up").symlink_to(data / "camvid")
    (data / "camvid" / "nothing").symlink_to(data / "absent")
    names = [name for name, *_ in data_at_hand.files(tmp_path / "links")]
    assert names == ["camvid/test/a.png", "camvid/testannot/a.png"]
