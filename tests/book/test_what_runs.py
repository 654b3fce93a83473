"""What is read by people only leaves the digest of a source; what runs changes it."""

from pathlib import Path

import pytest
from seeing_book.what_runs import Source, closure, modules, read

import seeing

BASE = '''\
"""A module."""

from pathlib import Path

STRIDE = 2


class Pool:
    """A pool."""

    size: int = 3
    """Its side in pixels."""

    def __call__(self, x: int) -> int:
        """Pool."""
        return x // self.size  # floor
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""A module."""', '"""Another text,\n\non three lines."""'),
        ('"""A module."""\n', ""),
        ('        """Pool."""\n', ""),
        ('    """Its side in pixels."""\n', '    """In pixels."""\n'),
        ("  # floor", "  # rounds down\n        # always"),
        ("return x // self.size", "return (\n            x // self.size\n        )"),
        ("STRIDE = 2\n\n\n", "STRIDE = 2\n"),
        ("\n", "\r\n"),
    ],
)
def test_comments_docstrings_and_layout_change_nothing(old, new):
    assert old in BASE
    assert Source(BASE.replace(old, new)).digest() == Source(BASE).digest()
    assert Source(BASE.replace(old, new)).digest(as_text=True) != Source(BASE).digest(as_text=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("STRIDE = 2", "STRIDE = 3"),
        ("STRIDE = 2", "STRIDE = 2.0"),
        ("STRIDE = 2", 'STRIDE = "2"'),
        ("x // self.size", "x / self.size"),
        ("size: int = 3", "size: int = 4"),
        ("x: int", "x: float"),
        ("import Path", "import PurePath"),
    ],
)
def test_what_runs_changes_it(old, new):
    assert Source(BASE.replace(old, new)).digest() != Source(BASE).digest()


def test_a_body_of_nothing_but_prose_is_the_empty_body():
    assert Source('def f():\n    """Doc."""').digest() == Source("def f():\n    pass").digest()
    assert Source("").digest() == Source('"""Doc."""\n# comment').digest()


def test_a_string_that_is_used_is_no_prose():
    assert Source('x = "a"').digest() != Source('x = "b"').digest()
    assert Source('f("""a""")').digest() != Source('f("""b""")').digest()
    assert Source('def f():\n    return "a"').digest() != Source('def f():\n    return "b"').digest()


def test_what_is_no_plain_python_counts_character_by_character():
    magic = Source("%matplotlib inline\n1  # one")
    assert magic.tree is None
    assert magic.may_reach_anything
    assert magic.digest() != Source("%matplotlib inline\n1  # two").digest()


@pytest.mark.parametrize(
    ("text", "package", "expected"),
    [
        ("import a.b as c, d", (), {"a.b", "d"}),
        ("from a import b", (), {"a", "a.b"}),
        ("from . import b", ("a",), {"a", "a.b"}),
        ("from .c import b", ("a",), {"a.c", "a.c.b"}),
        ("from ..c import b", ("a", "x"), {"a.c", "a.c.b"}),
        ("def f():\n    if 1:\n        import late", (), {"late"}),
        ("import a\na.b.c(a.d)", (), {"a", "a.b", "a.b.c", "a.d"}),
        ("import a.b\na.c", (), {"a", "a.b", "a.c"}),
        ("import a.b as c\nc.d", (), {"a.b", "a.b.d"}),
        ("from a import b\nb.c().d", (), {"a", "a.b", "a.b.c"}),
        ("import a\nx.b", (), {"a"}),
        ("try:\n    import fast\nexcept ImportError:\n    fast = None", (), {"fast"}),
    ],
)
def test_imports_are_found_wherever_they_stand(text, package, expected):
    assert set(Source(text, package).imports) == expected


@pytest.mark.parametrize("text", ["__import__('a')", "exec('1')", "importlib.import_module(x)", "import subprocess"])
def test_what_reaches_modules_by_other_ways_is_known(text):
    assert Source(text).may_reach_anything
    assert not Source("model.eval()\nimportlib.util.find_spec('a')").may_reach_anything


@pytest.mark.parametrize("hook", ["def __getattr__(name):", "def exec_module(self, module):"])
def test_a_module_that_finds_what_others_name_reaches_nothing_by_itself(hook):
    assert not Source(f"{hook}\n    return importlib.import_module(name)").may_reach_anything
    assert Source(f"{hook}\n    return 1\nimportlib.import_module(x)").may_reach_anything


@pytest.mark.parametrize("text", ["print(f.__doc__)", "help(f)", "import traceback", "inspect.getsource(f)"])
def test_what_reads_docstrings_is_known(text):
    assert Source(text).reads_text
    assert not Source("inspect.isclass(f)\nparser.help").reads_text


@pytest.fixture
def ours(tmp_path):
    files = {
        "lib/__init__.py": "",
        "lib/a.py": "from lib.deep import b",
        "lib/deep/__init__.py": "",
        "lib/deep/b.py": "from . import c",
        "lib/deep/c.py": "import numpy",
        "lib/alone.py": "X = 1",
        "scripts/tool.py": "import lib.alone",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = modules([tmp_path / "lib", tmp_path / "scripts"])
    return {name: [read(file, name) for file in paths] for name, paths in found.items()}


def test_modules_are_named_as_they_are_imported(ours):
    assert set(ours) == {"lib", "lib.a", "lib.deep", "lib.deep.b", "lib.deep.c", "lib.alone", "tool"}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("import numpy", set()),
        ("import lib", {"lib"}),
        ("import lib\nlib.alone.X", {"lib", "lib.alone"}),
        ("import lib as l\nprint(l.deep.b)", {"lib", "lib.deep", "lib.deep.b", "lib.deep.c"}),
        ("from lib import a", {"lib", "lib.a", "lib.deep", "lib.deep.b", "lib.deep.c"}),
        ("from lib.alone import X", {"lib", "lib.alone"}),
        ("import tool", {"tool", "lib", "lib.alone"}),
    ],
)
def test_a_page_depends_on_what_it_imports_and_what_that_imports(ours, cell, expected):
    assert closure([Source(cell)], ours) == expected


def test_a_page_that_may_reach_anything_depends_on_all(ours):
    assert closure([Source("%run tool.py")], ours) == set(ours)


def test_what_stands_for_type_checkers_does_not_run():
    """`seeing` names all its rooms for editors; a page that imports one of them does not depend on the others."""
    assert Source("if TYPE_CHECKING:\n    from lib import a\n    import b\nimport c").imports == ["c"]
    assert "lib" not in Source("import typing\nif typing.TYPE_CHECKING:\n    import lib").imports
    for runs in ("if not TYPE_CHECKING:\n    import a", "if TYPE_CHECKING:\n    import b\nelse:\n    import a"):
        assert "a" in Source(runs).imports


def test_a_page_depends_on_the_rooms_of_the_library_that_it_names():
    """On the real library: neither its front, which loads rooms on demand, nor the names for editors reach them all."""
    folder = Path(seeing.__file__).parent
    ours = {name: [read(file, name) for file in files] for name, files in modules([folder]).items()}
    found = closure([Source("import seeing\nseeing.recorded.load('fairness/compas')")], ours)
    assert found == {"seeing", "seeing.moved", "seeing.recorded", "seeing.whole_file"}
