"""Whatever a kernel sends, what is kept is a valid notebook of limited size."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from proctor.running.outputs import DEEPEST, DROPPED, KEPT, PICTURES, RESULTS, Outputs, error


def kept(*messages):
    """What is kept of some messages; always valid, always encodable."""
    outputs = Outputs()
    for kind, content in messages:
        outputs.add(kind, content)
    notebook = new_notebook(cells=[new_code_cell("", outputs=outputs.cells)])
    nbformat.validate(notebook)
    json.dumps(notebook, allow_nan=True).encode("utf-8")
    "".join(map(str, outputs.cells)).encode("utf-8")
    return outputs.cells


def nested(depth):
    """Lists in lists."""
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


def test_streams_are_joined():
    found = kept(*[("stream", {"name": name, "text": text}) for name, text in [("stdout", "a"), ("stdout", "b")]])
    assert [(one.name, one.text) for one in found] == [("stdout", "ab")]
    found = kept(("stream", {"name": "stdout", "text": "a"}), ("stream", {"name": "stderr", "text": "b"}))
    assert [one.name for one in found] == ["stdout", "stderr"]


def test_text_is_cut_once():
    found = kept(*[("stream", {"name": "stdout", "text": "x" * 150_000})] * 4)
    assert len(found) == 1
    assert found[0].text == "x" * KEPT + "\n" + DROPPED


def test_a_value_is_never_partial_credit_by_itself():
    """nbgrader would read points from a result; what came as one is told apart, as long as there are few."""
    outputs = Outputs()
    for _ in range(RESULTS + 1):
        outputs.add("execute_result", {"data": {"text/plain": "3"}, "metadata": {}, "execution_count": 1})
    outputs.add("display_data", {"data": {"text/plain": "4"}})
    assert {one.output_type for one in outputs.cells} == {"display_data"}
    assert outputs.results == [{"text/plain": "3"}] * RESULTS


@pytest.mark.parametrize("data", [None, [], {}, {"text/plain": 3}, {"no mime": "3"}])
def test_a_value_without_text_is_one_too(data):
    outputs = Outputs()
    outputs.add("execute_result", {"data": data})
    assert outputs.results == [{}]
    assert outputs.cells == []


def test_pictures_are_kept_up_to_a_limit():
    picture = ("display_data", {"data": {"image/png": "A" * (PICTURES // 2), "text/plain": "<Figure>"}})
    found = kept(*[picture] * 5)
    assert [sorted(one.data) for one in found] == [["image/png", "text/plain"], ["text/plain"]]
    assert found[1].data["text/plain"] == DROPPED.strip()


@pytest.mark.parametrize("content", [None, 3, [], "x", {}, {"data": None}, {"data": []}, {"data": {"text/plain": 3}}])
@pytest.mark.parametrize("kind", ["stream", "display_data", "execute_result", "status", "", "comm_open"])
def test_what_breaks_the_format_is_dropped(kind, content):
    assert kept((kind, content)) == []


@pytest.mark.parametrize(
    ("data", "left"),
    [
        ({"text/plain": "a", "no mime": "b", "x/y": 3}, {"text/plain": "a"}),
        ({"application/json": nested(DEEPEST)}, {"application/json": nested(DEEPEST)}),
        ({"application/json": nested(DEEPEST + 1), "text/plain": "a"}, {"text/plain": "a"}),
        ({"application/json": nested(5000), "text/plain": "a"}, {"text/plain": "a"}),
        ({"text/plain": "\ud800"}, {"text/plain": "?"}),
        ({"x" * 200 + "/y": "a", "text/html": "b"}, {"text/html": "b"}),
    ],
)
def test_data(data, left):
    assert [one.data for one in kept(("display_data", {"data": data}))] == [left]


def test_errors():
    (found,) = kept(("error", {"ename": "A\udfff", "evalue": 3, "traceback": ["one", 2]}))
    assert (found.ename, found.evalue, found.traceback) == ("A?", "3", ["one", "2"])
    (found,) = kept(("error", {"traceback": "no list"}))
    assert (found.ename, found.traceback) == ("Error", [])
    assert error("A", "b").traceback == ["A: b"]


def test_clear_output():
    outputs = Outputs()
    outputs.add("stream", {"name": "stdout", "text": "a"})
    outputs.clear()
    assert outputs.cells == []
