"""The table of the page on average precision: what five evaluators say of one valid file, run anew."""

import importlib.util
import json
from importlib import metadata
from pathlib import Path

import pytest

from tests.reference import coco as reference
from tests.reference import coco_peers

PAGE = Path(__file__).parents[3] / "book" / "measuring" / "average_precision.md"
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def table() -> dict[str, dict[str, str]]:
    """Row and column of the page's table: its cell."""
    section = PAGE.read_text(encoding="utf-8").split("(ap-peers)=")[1].split("\n## ")[0]
    lines = [line.replace("`", "").strip("|") for line in section.splitlines() if line.startswith("|")]
    head, _, *body = ([cell.strip() for cell in line.split("|")] for line in lines)
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in body}


def test_the_table_has_every_case_and_every_evaluator():
    found = table()
    assert list(found) == list(coco_peers.CASES)
    for cells in found.values():
        assert [name.split()[0] for name in cells] == [*coco_peers.PEERS, "ours"]


@pytest.mark.parametrize("case", coco_peers.CASES)
def test_ours_says_what_the_table_says(case, tmp_path):
    assert coco_peers.answer(coco_peers.ours, case, tmp_path) == table()[case]["ours"]


@pytest.mark.parametrize("case", coco_peers.CASES)
@pytest.mark.parametrize("name", coco_peers.PEERS)
def test_a_peer_says_what_the_table_says(name, case, tmp_path):
    if importlib.util.find_spec(coco_peers.PEERS[name][0].split(".")[0]) is None:
        pytest.skip(f"{name} is not installed")
    (column,) = (head for head in table()[case] if head.split()[0] == name)
    if metadata.version(name) != column.split()[1]:
        pytest.skip(f"the table is of {column}; {metadata.version(name)} is installed")
    assert coco_peers.answer(coco_peers.peer(name), case, tmp_path) == table()[case][column]


@pytest.mark.parametrize("seed", range(3))
def test_on_an_ordinary_file_all_agree(seed, tmp_path):
    data, results = reference.data_set(seed)
    paths = tmp_path / "annotations.json", tmp_path / "results.json"
    for path, content in zip(paths, (data, results), strict=True):
        path.write_text(json.dumps(content))
    wanted = coco_peers.ours(*paths, None)
    for name, (package, *_) in coco_peers.PEERS.items():
        if importlib.util.find_spec(package.split(".")[0]) is not None:
            got = coco_peers.peer(name)(*paths, None)
            assert got == pytest.approx({key: wanted[key] for key in got}, abs=1e-12), name
