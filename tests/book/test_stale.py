"""A page that was taken out of the book does not stay behind in the build."""

from types import SimpleNamespace

from seeing_book.stale import remove_stale


def test_only_pages_of_the_book_stay(tmp_path):
    html, executed = tmp_path / "html", tmp_path / "jupyter_execute"
    wanted = [html / "part/page.html", html / "search.html", html / "_static/frame.html", executed / "part/page.ipynb"]
    stale = [html / "part/old.html", html / "old.html", executed / "part/old.ipynb"]
    for file in wanted + stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    app = SimpleNamespace(
        outdir=html, builder=SimpleNamespace(format="html"), env=SimpleNamespace(found_docs={"part/page"})
    )
    remove_stale(app, Exception("the build failed"))
    assert all(file.exists() for file in wanted + stale)
    remove_stale(app, None)
    assert all(file.exists() for file in wanted)
    assert not any(file.exists() for file in stale)
