"""The plan of mounts: nothing twice, no cover in vain, symlinks followed as the kernel does."""

import os

import pytest

from proctor.sandbox.view import plan, resolve


@pytest.fixture
def tree(tmp_path):
    for folder in ("course/solutions/tiny", "course/lib/proctor", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "course/gradebook.db").touch()
    return tmp_path.resolve()


def relative(tree, view):
    return [(os.path.relpath(path, tree), shown) for path, shown in view.mounts]


def test_the_deeper_path_wins(tree):
    view = plan(
        (f"{tree}/course", f"{tree}/course/solutions/tiny", f"{tree}/course/lib"),
        (f"{tree}/course/solutions", f"{tree}/course/gradebook.db", f"{tree}/elsewhere"),
    )
    assert relative(tree, view) == [
        ("course", True),
        ("course/solutions", False),
        ("course/gradebook.db", False),
        ("course/solutions/tiny", True),
    ]


def test_hidden_wins_over_its_equal(tree):
    assert plan((f"{tree}/course",), (f"{tree}/course/",)).mounts == ()


def test_what_is_not_there(tree):
    assert plan((f"{tree}/no", f"{tree}/course/gradebook.db/no"), (f"{tree}/course/no",)).mounts == ()


def test_symlinks(tree):
    (tree / "link").symlink_to("elsewhere")
    (tree / "elsewhere/deep").symlink_to(tree / "course")
    view = plan((f"{tree}/link/deep/lib",), ())
    assert relative(tree, view) == [("course/lib", True)]
    assert view.links == ((f"{tree}/link", "elsewhere"), (f"{tree}/elsewhere/deep", f"{tree}/course"))


def test_a_cover_goes_where_a_symlink_points(tree):
    (tree / "link").symlink_to("course/solutions")
    assert (f"{tree}/course/solutions", False) in plan((f"{tree}/course",), (f"{tree}/link",)).mounts


def test_circle(tree):
    (tree / "a").symlink_to("b")
    (tree / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        resolve(f"{tree}/a")
