"""The book as it was built: complete, self-contained, and with notebooks that run."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from seeing_book import needs

LOADS = dict.fromkeys(["script", "img", "iframe", "source", "video", "embed"], "src") | {"link": "href"}
NOT_LOADED = {"index", "search", "next", "prev", "canonical", "copyright", "author"}


def listed_files(entry: dict | list) -> list[str]:
    """Every `file:` and `root:` of a table of contents."""
    if isinstance(entry, list):
        return [name for part in entry for name in listed_files(part)]
    own = [entry[key] for key in ("root", "file") if key in entry]
    return own + [name for value in entry.values() if isinstance(value, list) for name in listed_files(value)]


def toc(root: Path) -> list[str]:
    return listed_files(yaml.safe_load((root / "book" / "_toc.yml").read_text(encoding="utf-8")))


def pages(built: Path) -> list[Path]:
    return [file for file in sorted(built.rglob("*.html")) if file.relative_to(built).parts[0] != "_static"]


def test_every_listed_page_has_one_source_in_markdown(root):
    names = toc(root)
    assert len(names) == len(set(names)), "a page is listed twice"
    for name in names:
        assert (root / "book" / f"{name}.md").is_file(), f"_toc.yml lists {name}, but there is no book/{name}.md"


def test_no_outputs_are_kept_among_the_sources(root):
    """Pages are Markdown, which cannot hold outputs; a notebook file could."""
    assert not list((root / "book").rglob("*.ipynb"))


def test_every_listed_page_was_built(root, built):
    missing = [name for name in toc(root) if not (built / f"{name}.html").is_file()]
    assert not missing, f"not built: {missing}; run `make book`"


def test_every_figure_that_a_cell_declares_was_drawn(root, built):
    """A cell that draws nothing leaves no figure, and so none to complain about: count them in the source."""
    for name in toc(root):
        source = (root / "book" / f"{name}.md").read_text(encoding="utf-8")
        declared = set(re.findall(r"^    name: (fig-[\w-]+)$", source, re.MULTILINE))
        tree = BeautifulSoup((built / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        drawn = {figure.get("id") for figure in tree.find_all("figure") if figure.find("img")}
        assert declared <= drawn, f"{name}: no picture for {sorted(declared - drawn)}"


def test_every_page_was_mended_and_checked(built):
    left = [page.name for page in pages(built) if "mended and checked" not in page.read_text(encoding="utf-8")]
    assert not left, f"the build's last pass did not finish {left}: see its warnings"


def test_no_page_loads_anything_from_another_host(built):
    found = []
    for page in pages(built):
        tree = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for name, attribute in LOADS.items():
            for element in tree.find_all(name, attrs={attribute: re.compile(r"^(https?:)?//")}):
                if not NOT_LOADED & set(element.get("rel", [])):
                    found.append(f"{page.relative_to(built)}: {element[attribute]}")
    assert not found, "copy these into the book, or drop them:\n" + "\n".join(found)


def test_no_style_sheet_loads_anything_from_another_host(built):
    remote = re.compile(r"""(?:url\(|@import)\s*['"]?(?:https?:)?//[^'")]+""")
    found = [
        f"{sheet.relative_to(built)}: {match[0]}"
        for sheet in sorted(built.rglob("*.css"))
        for match in remote.finditer(sheet.read_text(encoding="utf-8"))
    ]
    assert not found, found


def notebooks(built: Path) -> list[Path]:
    return sorted((built / "_sources").rglob("*.ipynb"), key=lambda file: file.stat().st_size)


def test_the_notebooks_to_download_are_valid_and_clean(built):
    assert notebooks(built), "the book has no notebook to download"
    for file in notebooks(built):
        notebook = nbformat.read(file, as_version=4)
        nbformat.validate(notebook)
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        left = re.findall(r"^(?:`{3,}|:{3,})\{.*|\{[\w:-]+\}`.*|^\([\w-]+\)=$", text, re.MULTILINE)
        assert not left, f"{file.name} shows MyST that Jupyter does not read: {left}"
        assert not [cell for cell in notebook.cells if cell.get("outputs")]


def test_binder_installs_what_every_notebook_imports(built):
    """Each of them is run by the last passes of `make test`, as a reader would; Binder has one environment for all."""
    lines = (built / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("seeing-fairly @ ")
    for file in notebooks(built):
        packages = set(needs.page_packages(nbformat.read(file, as_version=4)).values())
        assert packages <= set(lines), f"{file.name} needs {sorted(packages - set(lines))}"


BAD_PAGE = """\
# A page

```{figure} dot.png
:alt: dot.png
```
"""


@pytest.mark.slow
def test_a_picture_without_a_text_fails_the_build_and_the_next_one(root, tmp_path):
    """Sphinx reports a warning once, when it writes the page; the second build must not pass in silence."""
    book = tmp_path / "book"
    book.mkdir()
    for name in ("_ext", "_static", "references.bib"):
        (book / name).symlink_to(root / "book" / name)
    (book / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (book / "dot.png").write_bytes(b"")
    (book / "index.md").write_text(BAD_PAGE)
    command = [Path(sys.executable).with_name("jupyter-book"), "build", book, "--path-output", tmp_path]
    command += ["--config", root / "_config.yml", "-W", "-n", "--keep-going"]
    for _ in range(2):
        build = subprocess.run(command, capture_output=True, text=True, check=False)
        assert build.returncode != 0
        assert "has a path as its alt text" in build.stdout + build.stderr
        assert "has no caption" in build.stdout + build.stderr
