"""MathJax from the book's own files: by default every page asks a content network for it, and offline shows raw TeX.

The files come out of a pip package at build time, so that none is committed. Only what a page can load is taken: the
TeX input with the extensions it loads on demand, the HTML output with its fonts, and the hidden MathML for screen
readers. The menu, with its speech engine, is left out: it is half the weight, and makes each formula a tab stop.
"""

import importlib.metadata
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

PACKAGE = "sphinx-mathjax-offline"  # its folder carries the hyphen, so it cannot be imported
FOLDER = "static/mathjax/"
WANTED = (
    "startup.js",
    "core.js",
    "input/tex.js",
    "input/tex/extensions/",
    "output/chtml.js",
    "output/chtml/fonts/",
    "a11y/assistive-mml.js",
)
COMPONENTS = ["core", "input/tex", "output/chtml", "a11y/assistive-mml"]


def packaged_files() -> dict[str, Path]:
    """The wanted files of the pip package: name under MathJax's folder -> place on disk.

    Raises:
        ExtensionError: if the package or one of the wanted files is missing.
    """
    try:
        listed = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        raise ExtensionError(f"MathJax is missing: pip install {PACKAGE}") from None
    found = {}
    for file in listed:
        name = file.as_posix().partition(FOLDER)[2]
        if name.startswith(WANTED):
            found[name] = Path(file.locate())
    for wanted in WANTED:
        if not any(name.startswith(wanted) for name in found):
            raise ExtensionError(f"{PACKAGE} has no {wanted}: pip install the version in requirements.txt")
    return found


def copy_changed(files: dict[str, Path], target: Path) -> None:
    """Copy each file to its name under `target`, unless one of the same size is there."""
    for name, source in files.items():
        copy = target / name
        if not copy.is_file() or copy.stat().st_size != source.stat().st_size:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)


def bundle(app: Sphinx, config: Config) -> None:
    """Put MathJax into `_vendor/`, have Sphinx publish that folder, and load it from there (`config-inited`)."""
    vendor = Path(app.srcdir).parent / "_vendor"
    copy_changed(packaged_files(), vendor / "mathjax")
    config.html_extra_path = [*config.html_extra_path, str(vendor)]
    config.mathjax_path = "../mathjax/startup.js"  # as seen from _static, where Sphinx looks for scripts
    config.mathjax3_config = {**(config.mathjax3_config or {}), "loader": {"load": COMPONENTS}}
