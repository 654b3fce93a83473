"""A reader's machine: Jupyter and nothing else, outside the repository, until a notebook's first cell installs more.

`prepare` makes, once a run, an environment with what Jupyter itself needs, the course library's wheel, and a `pip` that
takes packages from this environment instead of a network: by links, each with the requirements it declares and no
others. So a first cell runs as it is, in a second, and a later cell that imports what it did not install fails, as does
one that reads a file of the repository, or one of the library that its wheel leaves out. What is not tried is whether
an index would serve the same versions.

The kernels are forks of a process that has imported the library and what it declares, but they see nothing of that
until their own first cell installed it: see `warm_kernels.shelf`.
"""

import contextlib
import csv
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from jupyter_client.manager import KernelManager
from nbval.kernel import RunningKernel
from packaging.utils import canonicalize_name

from tests.notebooks import offline_pip

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from seeing_book.warm import imports  # noqa: E402
from warm_kernels.handle import WarmServer, possible  # noqa: E402

KERNEL = "reader"
JUPYTER = "ipykernel"
LIBRARY = "seeing-fairly"
WARM = "warm"  # the folder that a warm process imports from


def prepare(folder: Path) -> Path:
    """Make the environment under `folder`, unless it is there and the same; returns `folder`.

    What is the same stays as it is, for another run may be using it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    offered = catalogue() | wheel(folder)
    listed, made = folder / "catalogue.json", json.dumps([sys.executable, offered])
    environment, warm = folder / "environment", folder / WARM
    if listed.is_file() and listed.read_text() == made and warm.is_dir():
        return folder
    for part in (environment, warm):
        shutil.rmtree(part, ignore_errors=True)
    warm.mkdir()
    offline_pip.install(warm, [LIBRARY], offered)
    venv.EnvBuilder(symlinks=True).create(environment)
    site = next(environment.glob("lib*/python*/site-packages"))
    offline_pip.install(site, [JUPYTER], offered)
    write_pip(site, folder)
    spec = folder / "share" / "jupyter" / "kernels" / KERNEL / "kernel.json"
    spec.parent.mkdir(parents=True, exist_ok=True)
    command = [str(environment / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": command, "display_name": "A reader's", "language": "python"}))
    listed.write_text(made)  # last: it says that all is there
    return folder


def write_pip(site: Path, folder: Path) -> None:
    """The module that `python -m pip` runs there: this environment's Python with `offline_pip`."""
    (site / "pip").mkdir()
    (site / "pip" / "__init__.py").touch()
    command = [sys.executable, str(Path(offline_pip.__file__)), str(folder / "catalogue.json")]
    source = f"import os, sys\n\ncommand = {command!r}\nos.execv(command[0], command + sys.argv[1:])\n"
    (site / "pip" / "__main__.py").write_text(source)


def catalogue() -> dict[str, dict]:
    """What is installed here: for each package its version, what it requires, and from where its parts are linked.

    A folder that several packages share, such as `nvidia`, is linked part by part.
    """
    owners, files = defaultdict(set), {}
    packages = {canonicalize_name(package.name): package for package in importlib.metadata.distributions()}
    for name, package in packages.items():
        paths = (path for path, *_ in csv.reader((package.read_text("RECORD") or "").splitlines()))
        files[name] = [tuple(path.split("/")) for path in paths if not path.startswith(("..", "/", "__pycache__"))]
        for parts in files[name]:
            for depth in range(1, len(parts) + 1):
                owners[parts[:depth]].add(name)
    return {
        name: {
            "version": package.version,
            "requires": package.requires or [],
            "links": {
                "/".join(part): str(package.locate_file("/".join(part)))
                for part in {own_part(parts, owners) for parts in files[name]}
            },
        }
        for name, package in packages.items()
    }


def own_part(parts: tuple[str, ...], owners: dict) -> tuple[str, ...]:
    """The shortest beginning of a path that belongs to one package alone."""
    return next((parts[:depth] for depth in range(1, len(parts)) if len(owners[parts[:depth]]) == 1), parts)


def wheel(folder: Path) -> dict[str, dict]:
    """The course library's wheel, built from lib/ as it is and unpacked under `folder`; its line of the catalogue."""
    target = folder / "wheel"
    with tempfile.TemporaryDirectory() as temporary:
        archive = zipfile.ZipFile(built_wheel(Path(temporary)))
        record = next(name for name in archive.namelist() if name.endswith("RECORD"))
        # The same wheel stays: numba's machine code lies beside its sources and takes a minute to make.
        if not (target / record).is_file() or (target / record).read_bytes() != archive.read(record):
            shutil.rmtree(target, ignore_errors=True)
            archive.extractall(target)
            keep_machine_code(target)
    metadata = next(importlib.metadata.distributions(path=[str(target)]))
    return {
        canonicalize_name(metadata.name): {
            "version": metadata.version,
            "requires": metadata.requires or [],
            "links": {part.name: str(part) for part in target.iterdir()},
        }
    }


def built_wheel(folder: Path) -> Path:
    """The file of the course library's wheel, built under `folder` from lib/ as it is."""
    source = folder / "lib"
    shutil.copytree(ROOT / "lib", source, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    command = [sys.executable, "-W", "ignore", "-c", build, str(folder)]
    built = subprocess.run(command, cwd=source, check=False, capture_output=True, text=True)
    if built.returncode:
        raise RuntimeError(f"the wheel of lib/ cannot be built: {built.stderr.strip()[-1000:]}")
    return next(folder.glob("*.whl"))


def keep_machine_code(target: Path) -> None:
    """Copy what numba compiled for lib/ before; it is keyed to each source's time and size."""
    for file in target.rglob("*.py"):
        original = ROOT / "lib" / file.relative_to(target)
        if not original.is_file():
            continue
        os.utime(file, ns=(original.stat().st_atime_ns, original.stat().st_mtime_ns))
        for code in (original.parent / "__pycache__").glob(f"{file.stem}.*.nb?"):
            (file.parent / "__pycache__").mkdir(exist_ok=True)
            shutil.copy2(code, file.parent / "__pycache__")


def warm_server(folder: Path, pages: list[list[str]]) -> WarmServer | None:
    """A process with what some pages import of the library and of what it declares; None for a single page."""
    if len(pages) < 2 or not possible():
        return None
    python = folder / "environment" / "bin" / "python"
    return WarmServer(imports(pages), python=str(python), site=folder / WARM, folder=folder)


class Kernel(RunningKernel):
    """nbval's handle of a kernel, for one on a reader's machine.

    Args:
        folder: where it works.
        warm: the process to fork it from; if None, it is a new one.
        wait: seconds in which it must answer.
    """

    def __init__(self, folder: Path, warm: WarmServer | None, wait: float) -> None:
        self.km = KernelManager(kernel_name=KERNEL)
        if warm is not None:
            warm.provide(self.km)
        with open(os.devnull, "w") as nowhere:
            self.km.start_kernel(cwd=str(folder), stderr=nowhere)
        self.kc = self.km.client()
        self.kc.start_channels()
        try:
            self.kc.wait_for_ready(timeout=wait)
        except RuntimeError:
            self.kc.stop_channels()
            self.km.shutdown_kernel()
            raise
        self._ensure_iopub_up()


@contextlib.contextmanager
def settings(folder: Path, site: Path) -> Iterator[None]:
    """While a kernel is started: where Jupyter finds the reader's, and where his packages go."""
    kept = os.environ.copy()
    os.environ.update(JUPYTER_PATH=str(folder / "share" / "jupyter"), PYTHONPATH=str(site), READER_SITE=str(site))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)
