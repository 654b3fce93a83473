"""The examples in the docstrings (`>>>`) do what they show, and the names that a user meets first have one.

In an example the names of its room and its module are at hand, `torch`, `torch.nn` as `nn` and numpy as `np`. One of a
decorated function counts too, which `python -m doctest` and `pytest --doctest-modules` pass over in silence.
"""

import doctest
import importlib
import inspect
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import seeing

PACKAGE = Path(seeing.__file__).parent
MODULES = [
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for file in sorted(PACKAGE.rglob("*.py"))
    if ">>> " in file.read_text(encoding="utf-8")
]
FUNCTIONS = [
    (room, name)
    for room in ("ops", "metrics", "calibration", "models")
    for name in importlib.import_module(f"seeing.{room}").__all__
    if inspect.isroutine(getattr(importlib.import_module(f"seeing.{room}"), name))
]
# What an example of a few lines cannot show: arrays that another function makes, or several processes.
WITHOUT = {"coco_evaluate_arrays", "merge_across_processes"}


class Finder(doctest.DocTestFinder):
    """Finds the examples of decorated functions too, whose globals are those of the decorator's module."""

    def _from_module(self, module, object):
        return getattr(object, "__module__", None) == module.__name__ or super()._from_module(module, object)


def found(module):
    return [test for test in Finder().find(module, module.__name__) if test.examples]


def public(name):
    """What the room of a module offers, by name."""
    room = importlib.import_module(".".join(name.split(".")[:2]))
    return {name: getattr(room, name) for name in getattr(room, "__all__", ())}


@pytest.mark.parametrize("name", MODULES)
def test_examples_do_what_they_show(name):
    module = importlib.import_module(name)
    tests = found(module)
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert sum(len(test.examples) for test in tests) == source.count(">>> "), "an example is not found"
    for test in tests:
        test.globs = public(name) | test.globs | {"torch": torch, "nn": nn, "np": np}
        said = []
        failed, _ = doctest.DocTestRunner().run(test, out=said.append)
        assert not failed, "".join(said)


def test_the_names_that_a_user_meets_first_have_an_example():
    without = [f"{room}.{name}" for room, name in FUNCTIONS if ">>> " not in text(room, name) and name not in WITHOUT]
    assert not without
    shown = [test for name in MODULES for test in found(importlib.import_module(name))]
    assert len(shown) >= 100


def text(room: str, name: str) -> str:
    return inspect.getdoc(getattr(importlib.import_module(f"seeing.{room}"), name)) or ""


def test_an_example_that_is_wrong_is_noticed():
    module = importlib.import_module("seeing.ops.nms")
    test = next(test for test in found(module) if test.name.endswith(".nms"))
    test.globs.update(torch=torch)
    test.examples[-1].want = "tensor([0, 1])\n"
    failed, _ = doctest.DocTestRunner().run(test, out=lambda text: None)
    assert failed == 1
