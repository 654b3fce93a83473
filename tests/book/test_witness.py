"""What a page read is written down by its own process, forks and failures included."""

import subprocess
import sys
from pathlib import Path

import pytest
from seeing_book import witness


@pytest.fixture
def watched(tmp_path, root):
    """Runs a text in a process that is watched; what it read."""
    (tmp_path / "book").mkdir()
    (tmp_path / "data" / "camvid").mkdir(parents=True)
    (tmp_path / "data" / "camvid" / "a.png").write_bytes(b"1")
    (tmp_path / "book" / "own.csv").write_text("1")

    def run(text: str) -> witness.Reading:
        log = tmp_path / "log"
        code = (
            witness.code(log, [tmp_path / "book", root / "lib"])
            + "\nassert not [n for n in dir() if n in ('watch', 'json')]\n"
            + text
        )
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "book", check=True)
        return witness.read_log(log)

    return run


PICTURE = "../data/camvid/a.png"


@pytest.mark.parametrize(
    "text",
    [
        f"open({PICTURE!r}, 'rb').read()",
        f"import os; os.read(os.open({PICTURE!r}, os.O_RDONLY), 1)",
        f"import pathlib; pathlib.Path({PICTURE!r}).read_bytes()",
        f"import os; os.chdir('..'); open({PICTURE[3:]!r}, 'rb')",
        f"import os\nif os.fork() == 0:\n    open({PICTURE!r})\n    os._exit(0)\nos.wait()",
        f"from PIL import Image\ntry:\n    Image.open({PICTURE!r})\nexcept OSError:\n    pass",
    ],
)
def test_a_file_is_noted_however_python_opens_it(watched, text, tmp_path):
    assert watched(text).files == [str(tmp_path / "data" / "camvid" / "a.png")]


def test_a_folder_that_is_listed_is_noted(watched, tmp_path):
    for text in ("import os; os.listdir('../data/camvid')", "import os; list(os.scandir('../data/camvid'))"):
        assert watched(text).folders == [str(tmp_path / "data" / "camvid")]


def test_what_belongs_to_the_book_or_is_installed_or_was_made_just_now_is_not(watched):
    reading = watched(
        "import numpy, torch, tempfile\nopen('own.csv').read()\nopen('../new.png', 'wb')\nopen('../new.png', 'rb')\n"
        "with tempfile.NamedTemporaryFile() as file:\n    open(file.name).read()\nopen('../log.txt', 'a')"
    )
    assert reading == witness.Reading()


def test_that_the_library_looked_for_data_is_noted_also_where_there_is_none(watched, tmp_path):
    reading = watched(
        "from seeing.data import DataNotFound, load_camvid\n"
        f"try:\n    load_camvid({str(tmp_path / 'nowhere')!r}, download=False)\nexcept DataNotFound:\n    pass"
    )
    assert reading.asked == [str(tmp_path / "nowhere")]
    assert reading.files == []


LOADERS = """
import inspect, sys
heard = []
sys.addaudithook(lambda event, arguments: heard.append(arguments) if event == "seeing.data" else None)
import seeing.data
loaders = [name for name in dir(seeing.data) if name.startswith("load_") and "torchvision" not in name]
own = [name for name in loaders if "download" not in inspect.signature(getattr(seeing.data, name)).parameters]
assert own == ["load_voc_folder"]  # of the caller's own files, which are noted as they are read
loaders = [name for name in loaders if name not in own]
assert len(loaders) > 10
for name in loaders:
    heard.clear()
    try:
        getattr(seeing.data, name)({folder!r}, download=False)
    except seeing.data.DataNotFound:
        pass
    assert ({folder!r},) in heard, name
"""


def test_every_loader_says_that_it_looks_for_data(tmp_path):
    """In a process of its own, since a hook cannot be taken away."""
    subprocess.run([sys.executable, "-c", LOADERS.format(folder=str(tmp_path))], check=True)


def test_a_log_that_a_dead_kernel_left_is_read_as_far_as_it_goes(tmp_path):
    (tmp_path / "log").write_text('["read", "/a"]\n["asked", "/d"]\n["rea')
    assert witness.read_log(tmp_path / "log") == witness.Reading(["/d"], ["/a"], [])
    assert witness.read_log(tmp_path / "absent") == witness.Reading()


def test_the_code_is_one_expression(tmp_path):
    compile(witness.code(Path("/tmp/it's"), [tmp_path]), "cell", "eval")
