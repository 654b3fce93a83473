"""A command that finds no module of the extra `grading` says in one line what to install."""

import sys

import pytest

from proctor import __main__ as commands


def called(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["proctor", *words])
    return commands.main()


def test_what_to_install_is_one_line(monkeypatch, capsys):
    for module in ("rich", "rich.console"):
        monkeypatch.setitem(sys.modules, module, None)
    for module in [name for name in sys.modules if name.startswith("proctor.sandbox.doctor")]:
        monkeypatch.delitem(sys.modules, module)
    assert called(monkeypatch, "doctor") == 1
    said = capsys.readouterr().err
    assert said.startswith("grading needs rich, which is not installed here: pip install ")
    assert '"seeing-fairly[grading]"' in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["proctor.no_such_room", "tomllib", None])
def test_what_no_extra_brings_stays_an_error(monkeypatch, name):
    """A mistake of our own, or a Python without a part of its library, must not be explained away."""

    def fails(options):
        raise ModuleNotFoundError("gone", name=name)

    monkeypatch.setattr(commands, "run", fails)
    with pytest.raises(ModuleNotFoundError, match="gone"):
        called(monkeypatch, "doctor")
