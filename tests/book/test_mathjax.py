"""MathJax comes from a pip package, and only what a page can load."""

import importlib.metadata

import pytest
from seeing_book import mathjax
from sphinx.errors import ExtensionError


def test_all_components_and_fonts_are_there():
    names = set(mathjax.packaged_files())
    assert {f"{component}.js" for component in mathjax.COMPONENTS} | {"startup.js"} <= names
    assert any(name.endswith("MathJax_Main-Regular.woff") for name in names)
    assert "input/tex/extensions/boldsymbol.js" in names


def test_the_menu_and_the_speech_engine_stay_out():
    names = mathjax.packaged_files()
    assert not [name for name in names if name.startswith(("ui/", "sre/", "tex-"))]
    assert sum(file.stat().st_size for file in names.values()) < 2_500_000


def test_a_missing_package_is_one_line_that_says_what_to_install(monkeypatch):
    def absent(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "files", absent)
    with pytest.raises(ExtensionError, match=r"^MathJax is missing: pip install sphinx-mathjax-offline$"):
        mathjax.packaged_files()


def test_another_layout_of_the_package_is_noticed(monkeypatch):
    monkeypatch.setattr(mathjax, "WANTED", (*mathjax.WANTED, "es6/startup.mjs"))
    with pytest.raises(ExtensionError, match=r"has no es6/startup\.mjs"):
        mathjax.packaged_files()


def test_copies_once_and_again_when_a_file_changed(tmp_path):
    source = tmp_path / "core.js"
    source.write_text("one")
    mathjax.copy_changed({"a/core.js": source}, tmp_path / "vendor")
    copy = tmp_path / "vendor" / "a" / "core.js"
    first = copy.stat().st_mtime_ns
    mathjax.copy_changed({"a/core.js": source}, tmp_path / "vendor")
    assert copy.stat().st_mtime_ns == first
    source.write_text("three")
    mathjax.copy_changed({"a/core.js": source}, tmp_path / "vendor")
    assert copy.read_text() == "three"
