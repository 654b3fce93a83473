"""The executed cells are kept for one library and one set of packages."""

import os

import pytest
from seeing_book import cache_key

VERSIONS = {"python": "3.11.7", "torch": "2.12.1"}


@pytest.fixture
def library(tmp_path):
    (tmp_path / "ops").mkdir()
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "ops" / "pooling.py").write_text("STRIDE = 1\n")
    return tmp_path


def test_nothing_changed_gives_the_same_key(library):
    assert cache_key.cache_key(library, VERSIONS) == cache_key.cache_key(library, dict(reversed(VERSIONS.items())))


def test_an_edit_deep_in_the_library_changes_the_key(library):
    before = cache_key.cache_key(library, VERSIONS)
    (library / "ops" / "pooling.py").write_text("STRIDE = 2\n")
    assert cache_key.cache_key(library, VERSIONS) != before


def test_a_moved_file_changes_the_key(library):
    before = cache_key.cache_key(library, VERSIONS)
    (library / "ops" / "pooling.py").rename(library / "pooling.py")
    assert cache_key.cache_key(library, VERSIONS) != before


@pytest.mark.parametrize("name", VERSIONS)
def test_another_version_changes_the_key(library, name):
    other = {**VERSIONS, name: "9.9"}
    assert cache_key.cache_key(library, other) != cache_key.cache_key(library, VERSIONS)


def test_what_is_not_python_leaves_the_key(library):
    before = cache_key.cache_key(library, VERSIONS)
    (library / "notes.txt").write_text("x")
    assert cache_key.cache_key(library, VERSIONS) == before


def test_versions_name_python_and_every_package():
    assert set(cache_key.installed_versions()) == {"python", *cache_key.PACKAGES}


def test_only_the_two_latest_caches_stay(tmp_path):
    for age, name in enumerate(["current", "yesterday", "last-week", "last-year"]):
        folder = tmp_path / (cache_key.PREFIX + name)
        folder.mkdir()
        os.utime(folder, (1e9 - age, 1e9 - age))
    (tmp_path / "html").mkdir()
    cache_key.remove_stale(tmp_path / (cache_key.PREFIX + "current"))
    left = sorted(folder.name for folder in tmp_path.iterdir())
    assert left == [cache_key.PREFIX + "current", cache_key.PREFIX + "yesterday", "html"]
