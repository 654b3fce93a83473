"""The built book, served to a headless Chromium: one server and one browser for each worker of the test run.

BOOK_HTML names another build than `_build/html`; CHROMIUM names the browser where it is not on the PATH.
"""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

BUILT = Path(os.environ.get("BOOK_HTML", Path(__file__).parents[2] / "_build" / "html"))
NO_BOOK = "no built book: run `make book` first"
NO_CHROMIUM = "no Chromium: apt-get install chromium, or set CHROMIUM=/path"
PATIENCE = 600_000  # milliseconds for whatever a test waits for: a net, since a page takes a second
STILL = "() => document.getAnimations().every(one => one.playState !== 'running')"
FLAGS = [
    "--no-sandbox",  # as root, which containers are, Chromium does not start with it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def page_names() -> list[str]:
    """Every page of the build, search and index included; not the fragments among the static files."""
    files = (file.relative_to(BUILT) for file in sorted(BUILT.rglob("*.html")))
    return [file.as_posix() for file in files if file.parts[0] not in {"_static", "_sources"}]


def find_chromium() -> str | None:
    """The browser to drive: what CHROMIUM names, else the first that is on the PATH."""
    named = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else []
    found = (shutil.which(name) for name in [*named, "chromium", "chromium-browser", "google-chrome"])
    return next((path for path in found if path), None)


def what_is_missing() -> str | None:
    """Why no test of this folder can run, in one line with the way out; None where they can."""
    if not page_names():
        return NO_BOOK
    if find_chromium() is None:
        return NO_CHROMIUM
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark this folder's tests; where they cannot run, leave one that says why instead of a line for each."""
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    if ours and (reason := what_is_missing()):
        ours[0].add_marker(pytest.mark.skip(reason=reason))
        config.hook.pytest_deselected(items=ours[1:])
        items[:] = [item for item in items if item not in ours[1:]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `page_name` runs once for each page; without a build, once, to be skipped."""
    if "page_name" in metafunc.fixturenames:
        metafunc.parametrize("page_name", page_names() or ["no-built-book"])


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line on stderr for each."""

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the built book."""
    return BUILT


@pytest.fixture(scope="session")
def site(built) -> Iterator[str]:
    """The address of the built book, without a slash at the end."""
    handler = functools.partial(QuietHandler, directory=str(built))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests of a worker."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=find_chromium(), args=FLAGS, timeout=PATIENCE)
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """A page open in the browser, and what went wrong while it loaded and was used."""

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser, site):
    """Opens a page of the book: `with visit("index.html", "dark", width=390) as seen: seen.page...`."""

    @contextmanager
    def opened(name: str, scheme: str = "light", width: int = 1280, height: int = 900) -> Iterator[Visit]:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        context.set_default_timeout(PATIENCE)
        seen = Visit(context.new_page())

        def route(route) -> None:
            if route.request.url.startswith(site):
                route.continue_()
            else:
                seen.outside.append(route.request.url)
                route.abort()

        def on_console(message) -> None:
            if message.type == "error":
                seen.errors.append(message.text)

        def on_response(response) -> None:
            if response.status >= 400:
                seen.errors.append(f"{response.status} {response.url}")

        context.route("**/*", route)  # addresses that carry their data (data:, blob:) do not pass here
        seen.page.on("console", on_console)
        seen.page.on("response", on_response)
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        seen.page.goto(f"{site}/{name}", wait_until="load")
        seen.page.evaluate(
            """async () => {
                await window.MathJax?.startup?.promise;
                await document.fonts.ready;
            }"""
        )
        yield seen
        context.close()

    return opened


def come_to_rest(page: Page) -> None:
    """Wait until every transition has ended, however long the machine takes to draw it."""
    page.wait_for_function(STILL)


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The accessibility rules, to run inside a page."""
    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")


@pytest.fixture
def axe(axe_source):
    """Runs axe-core on a page as it is now: the violations, each with its elements and what to do."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def run(page: Page, where: str) -> list[str]:
        page.evaluate("source => { if (!window.axe) window.eval(source); }", axe_source)
        violations = page.evaluate(
            """async tags => (await axe.run(document, {
                runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false,
            })).violations""",
            tags,
        )
        return [
            f"{where}: axe {rule['id']} ({rule['help']})\n  {node['html'][:300]}\n"
            + "  "
            + " ".join(node["failureSummary"].split())
            + "\n  if the theme wrote this, mend it in book/_ext/seeing_book/pages.py; colours: book/_static/seeing.css"
            for rule in violations
            for node in rule["nodes"]
        ]

    return run
