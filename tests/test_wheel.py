"""The library's wheel: what it carries and says of itself, and that it works where nothing else of the course is.

The environment is what `python -m venv` makes. The wheel comes into it by pip, alone; of the packages here those are
linked that it declares without an extra, and what these declare, so that an import of anything else fails.
"""

import email
import importlib.metadata
import json
import re
import subprocess
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import seeing
from tests.notebooks import offline_pip, reader

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "lib" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LICENSE, README = ((ROOT / "lib" / name).read_text(encoding="utf-8") for name in ("LICENSE", "README.md"))


def test_the_licence_in_the_wheel_is_that_of_the_code():
    """lib/LICENSE is one of the two licences of the repository, word for word: a wheel cannot reach above lib/."""
    code = LICENSE.removeprefix("BSD 3-Clause License\n\n")
    assert code != LICENSE
    assert code.strip() in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Redistribution and use in source and binary forms" in code
    assert code.rstrip().endswith("POSSIBILITY OF SUCH DAMAGE.")


def test_the_version_is_one():
    assert PROJECT["version"] == seeing.__version__ == importlib.metadata.version(PROJECT["name"])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return reader.built_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The Python of an environment with the wheel and what it declares."""
    pytest.importorskip("ensurepip", reason="this Python makes environments without pip")
    folder = tmp_path_factory.mktemp("empty")
    venv.EnvBuilder(symlinks=True, with_pip=True).create(folder)
    python = folder / "bin" / "python"
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile", wheel]
    subprocess.run(command, check=True, capture_output=True)
    site = next(folder.glob("lib*/python*/site-packages"))
    offline_pip.install(site, PROJECT["dependencies"], reader.catalogue())
    return python


def run(python, code, cwd, status=0):
    """What some lines print, outside the repository and with nothing of it on the path."""
    ran = subprocess.run([python, "-I", "-c", code], cwd=cwd, check=False, capture_output=True, text=True)
    assert ran.returncode == status, ran.stderr
    return ran.stdout if status == 0 else ran.stderr


@pytest.mark.slow
def test_what_the_wheel_carries(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"seeing/py.typed", "proctor/py.typed", "seeing/ops/nms.py"} <= names
    for kind in (".pt", ".json", ".npz"):
        ours = {f.relative_to(ROOT / "lib").as_posix() for f in (ROOT / "lib" / "seeing").rglob(f"*{kind}")}
        assert ours
        assert ours == {name for name in names if name.endswith(kind)}
    assert {name.partition("/")[0] for name in names} == {
        "seeing",
        "proctor",
        f"seeing_fairly-{seeing.__version__}.dist-info",
    }
    assert not [name for name in names if "__pycache__" in name or "tests" in name]


@pytest.mark.slow
def test_what_the_wheel_says_of_itself(wheel):
    archive = zipfile.ZipFile(wheel)
    info = f"seeing_fairly-{seeing.__version__}.dist-info"
    said = email.message_from_bytes(archive.read(f"{info}/METADATA"))
    assert said["Author"] == "The authors of Seeing Fairly"
    assert said["License-Expression"] == "BSD-3-Clause"
    assert archive.read(f"{info}/licenses/{said['License-File']}").decode() == LICENSE
    assert said["Description-Content-Type"] == "text/markdown"
    assert said.get_payload(decode=True).decode().strip() == README.strip()
    assert "Typing :: Typed" in said.get_all("Classifier")
    assert set(said.get_all("Provides-Extra")) == {"grading", "cluster"}
    plain = [line for line in said.get_all("Requires-Dist") if "extra ==" not in line]
    assert len(plain) == len(PROJECT["dependencies"])
    assert not [line for line in plain if re.match("nbgrader|jupytext|rich|pyseccomp|distributed", line)]
    assert archive.read(f"{info}/entry_points.txt").decode().split("\n")[1] == "proctor = proctor.__main__:main"


@pytest.mark.slow
def test_the_environment_is_empty_but_for_the_library(python, tmp_path):
    for module in ("nbgrader", "jupytext", "rich", "pytest", "fairlearn", "distributed"):
        assert f"No module named {module!r}" in run(python, f"import seeing, {module}", tmp_path, status=1)
    where = run(python, "import seeing, proctor; print(seeing.__file__, proctor.__file__)", tmp_path)
    assert str(ROOT) not in where
    assert where.count("site-packages") == 2


@pytest.mark.slow
def test_every_room_can_be_imported(python, tmp_path):
    """No module of `seeing` needs an extra, neither in its room's front nor further in; GPU kernels need Triton."""
    code = """
        import importlib, importlib.util, pkgutil
        import seeing
        for module in pkgutil.walk_packages(seeing.__path__, "seeing."):
            if not module.name.startswith("seeing.kernels.gpu.") or importlib.util.find_spec("triton"):
                importlib.import_module(module.name)
                print(module.name)
        """
    names = run(python, "if True:" + code, tmp_path).split()
    assert len(names) > 150
    assert {f"seeing.{room}" for room in seeing.__all__} <= set(names)


@pytest.mark.slow
def test_the_library_is_used(python, tmp_path):
    """An op with its compiled twin, and what stands beside the sources: a checkpoint that sees, a record."""
    code = """
        import json, torch, seeing
        # their IoU with the first: 3/4, 0, 1/2
        boxes = torch.tensor([[0.0, 0, 4, 4], [0, 1, 4, 4], [4, 4, 8, 8], [2, 0, 4, 4]])
        scores = torch.tensor([0.9, 0.8, 0.7, 0.6])
        kept = [seeing.ops.nms(boxes, scores, t).tolist() for t in (0.4, 0.5, 0.75)]
        model = seeing.trained.load("unet")
        scenes = seeing.data.World().scenes(2, seed=0)
        with torch.no_grad():
            classes = model(scenes.image).argmax(1)
        right = float((classes == scenes.semantic).float().mean())
        record = seeing.recorded.load("individual")["command"]
        print(json.dumps([kept, list(classes.shape), right, record]))
        """
    kept, shape, right, command = json.loads(run(python, "if True:" + code, tmp_path))
    assert kept[0] == [0, 2]
    assert kept[1] == [0, 2, 3]  # 1/2 is not more than the threshold
    assert kept[2] == [0, 1, 2, 3]
    assert shape == [2, 64, 64]
    assert right > 0.9
    assert command.startswith("python book/_experiments/")


@pytest.mark.slow
def test_the_example_of_the_readme_is_true(python, tmp_path):
    lines = re.search(r"```python\n(.*?)\n```", README, re.DOTALL)[1].splitlines()
    assert len([line for line in lines if line]) == 5
    call, promised = lines[-1].split("  # ")
    assert run(python, "\n".join([*lines[:-1], f"print({call})"]), tmp_path).strip() == promised.partition(":")[0]


@pytest.mark.slow
def test_the_command_says_what_to_install(python, tmp_path):
    """`proctor` is there without the extra, and so is what a student's notebook imports."""
    ran = subprocess.run([python.with_name("proctor"), "doctor"], check=False, capture_output=True, text=True)
    assert ran.returncode == 1
    assert ran.stderr.startswith("grading needs rich, which is not installed here: pip install ")
    assert "Traceback" not in ran.stderr
    assert run(python, "from proctor.rules import source_of, without; print(without.__name__)", tmp_path)
