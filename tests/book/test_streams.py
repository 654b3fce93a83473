"""Printed output: one box, in the order it came."""

from docutils import nodes
from docutils.utils import new_document
from seeing_book.streams import merge_streams


def printed(*boxes: tuple[str, list[str]]) -> nodes.container:
    cell = nodes.container(classes=["cell_output"])
    for text, classes in boxes:
        cell += nodes.literal_block(text, text, classes=classes)
    return cell


def merged(*cells: nodes.container) -> list[tuple[str, list[str]]]:
    document = new_document("page")
    document += cells
    merge_streams(None, document)
    return [(box.astext(), box["classes"]) for box in document.findall(nodes.literal_block)]


STDOUT, STDERR, VALUE = ["output", "stream"], ["output", "stderr", "stream"], ["output", "text_plain"]


def test_pieces_of_one_stream_become_one_box():
    assert merged(printed(("a\n", STDOUT), ("b\n", STDOUT), ("c\n", STDOUT))) == [("a\nb\nc\n", STDOUT)]


def test_other_streams_values_and_cells_stay_apart():
    boxes = [("a\n", STDOUT), ("b\n", STDERR), ("c\n", STDOUT), ("d", VALUE)]
    assert merged(printed(*boxes)) == boxes
    assert merged(printed(("a", STDOUT)), printed(("b", STDOUT))) == [("a", STDOUT), ("b", STDOUT)]
