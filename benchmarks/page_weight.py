"""What each page of the built book makes a first-time reader download.

    python benchmarks/page_weight.py [folder of the built book]

Opens every page in Chromium with an empty cache and prints a line for each: requests, KB as stored, KB as sent by a
server that compresses text (gzip, level 6; pictures and fonts are compressed already). Heaviest page first.
"""

import functools
import gzip
import http.server
import shutil
import sys
import threading
import urllib.parse
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
SENT_AS_STORED = {".png", ".jpg", ".gif", ".woff", ".woff2", ".webp"}


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line on stderr for each."""

    def log_message(self, *args: object) -> None:
        pass


def sent_size(file: Path) -> int:
    """Bytes on the wire."""
    data = file.read_bytes()
    return len(data) if file.suffix in SENT_AS_STORED else len(gzip.compress(data, 6))


def downloaded(browser: Browser, site: str, folder: Path, name: str) -> set[Path]:
    """The files that opening one page asks for, lazily loaded ones included."""
    context = browser.new_context()
    page, files = context.new_page(), set()

    def note(request) -> None:
        if request.url.startswith(site):
            path = urllib.parse.unquote(urllib.parse.urlsplit(request.url).path).lstrip("/")
            files.add((folder / path).resolve())

    page.on("request", note)
    page.goto(f"{site}/{name}", wait_until="networkidle")
    context.close()
    return {file for file in files if file.is_file()}


def measure(folder: Path) -> list[tuple[str, int, int, int]]:
    """For each page: name, requests, bytes stored, bytes sent; heaviest first."""
    pages = [file.relative_to(folder) for file in sorted(folder.rglob("*.html"))]
    names = [page.as_posix() for page in pages if page.parts[0] != "_static"]
    handler = functools.partial(QuietHandler, directory=str(folder))
    rows = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as driver:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        for name in names:
            files = downloaded(browser, f"http://127.0.0.1:{server.server_port}", folder, name)
            stored = sum(file.stat().st_size for file in files)
            rows.append((name, len(files), stored, sum(map(sent_size, files))))
        browser.close()
        server.shutdown()
    return sorted(rows, key=lambda row: -row[3])


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "_build" / "html").resolve()
    if not (folder / "index.html").is_file():
        sys.exit(f"{folder} holds no built book: run `make book` first")
    print(f"{'page':<40} {'requests':>8} {'KB':>7} {'KB gzip':>8}")
    for name, requests, stored, sent in measure(folder):
        print(f"{name:<40} {requests:>8} {stored / 1024:>7.0f} {sent / 1024:>8.0f}")


if __name__ == "__main__":
    main()
