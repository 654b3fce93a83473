"""Word lists: the words with which gender was found in, and taken out of, word vectors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from seeing.data.download import Remote, Source, find_files, repository_file
from seeing.data.files import BadFile, read_json

DEBIASWE = ("tolga-b/debiaswe", "6bb03ee2a0d7214339e513ca71cd0a99069dc29c")


def _list_file(name: str, sha256: str) -> Remote:
    return repository_file(*DEBIASWE, f"data/{name}.json", f"debiaswe/{name}.json", sha256)


LISTS = Source(
    "embeddings",
    "Bolukbasi's word lists",
    "https://github.com/tolga-b/debiaswe",
    (
        _list_file("definitional_pairs", "f2387fdd4ae4d956083ee7594f1401b1ba112914d40a99bb61d481de73db9614"),
        _list_file("equalize_pairs", "b6e7dda64461e7828f8d184a51216a87aefcfc2b726d3691aa15b7acc2a1994c"),
        _list_file("gender_specific_full", "300068da1885e9dc8bf2235d987fd0cf5d0b08a6877a0a639ee0060a989bac1f"),
        _list_file("gender_specific_seed", "9802a524c932d9f0b9b4ecd7ffc429a42d7f8dbe9cbe2020741f984255138958"),
        _list_file("professions", "32cc82c7761e7cfb14e37e06dc1aa9f758bc8441f79ca7288996d3fc7c24639a"),
    ),
)


@dataclass(frozen=True)
class WordLists:
    """The lists of Bolukbasi and others.

    Attributes:
        definitional_pairs: 10 pairs such as (she, he), whose differences span the gender direction.
        equalize_pairs: 52 pairs such as (monastery, convent), to be moved to equal distances of what is neutral.
        gender_specific_full: 1,441 words that have a gender by their meaning.
        gender_specific_seed: 218 of that kind, from which the others were learned.
        professions: 320 professions with how far each is male (1) or female (-1) by definition, and by stereotype.
    """

    definitional_pairs: tuple[tuple[str, str], ...]
    equalize_pairs: tuple[tuple[str, str], ...]
    gender_specific_full: tuple[str, ...]
    gender_specific_seed: tuple[str, ...]
    professions: tuple[tuple[str, float, float], ...]


def load_word_lists(root: str | Path | None = None, download: bool = True) -> WordLists:
    """The word lists of "Man is to computer programmer as woman is to homemaker?".

    About 32 kB are downloaded and checked against recorded SHA-256 sums.

    Args:
        root: the folder above `embeddings`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the lists if they are not there.

    Raises:
        DataNotFound: if they are not there, and may not or could not be fetched.
        ValueError: if a file is bad.

    Source: Bolukbasi, Chang, Zou, Saligrama and Kalai (2016). MIT licence.
    """
    definitional, equalize, full, seed, professions = find_files(LISTS, root, download)
    return WordLists(
        _tuples(definitional, str, str),
        _tuples(equalize, str, str),
        as_words(full, read_json(full, list)),
        as_words(seed, read_json(seed, list)),
        _tuples(professions, str, float, float),
    )


def as_words(path: Path, value: object) -> tuple[str, ...]:
    """A list of words out of a JSON file.

    Raises:
        BadFile: if it is something else.
    """
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise BadFile(path, "a list of words was expected; got something else")
    return tuple(value)


def _tuples(path: Path, *kinds: type) -> tuple[tuple, ...]:
    """A JSON list of lists, each with one value of each kind; a whole number may stand for a float."""
    rows = []
    for number, row in enumerate(read_json(path, list)):
        fits = isinstance(row, list) and len(row) == len(kinds)
        if not fits or not all(
            isinstance(value, (int, float) if kind is float else kind) for value, kind in zip(row, kinds, strict=True)
        ):
            wanted = ", ".join(kind.__name__ for kind in kinds)
            raise BadFile(path, f"entry {number}: [{wanted}] was expected; got {row!r}")
        rows.append(tuple(row))
    return tuple(rows)
