"""Word vectors: of the words with which embeddings are tested for bias."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from seeing.data.download import Remote, Source, find_files, repository_file
from seeing.data.files import BadFile, check_choice, read_json
from seeing.data.vector_text import parsed, read_vectors
from seeing.data.word_lists import as_words

WEFE = ("dccuchile/wefe", "1998132a3e809481a7456d952f7473d191990946")
WEAT = ("e-mckinnie/WEAT", "9bb82e18522b6024b5eba9272a73a168309a4913")


def _weat_file(name: str, sha256: str) -> Remote:
    return repository_file(*WEAT, f"data/{name}", name, sha256)


SOURCES = {
    "word2vec": Source(
        "embeddings",
        "the word2vec vectors",
        "https://github.com/dccuchile/wefe",
        (
            repository_file(
                *WEFE,
                "wefe/datasets/data/weat_w2v____old.txt",
                "weat_w2v_300d_347words.txt",
                "4dab4d3a604b2f021d57c99957919ab4d021ce699d28aad1d8168e54c754927f",
            ),
            repository_file(
                *WEFE,
                "wefe/datasets/data/WEAT.json",
                "WEAT.json",
                "1a4a448a1825b29c67a7ebb7733343084b015f5b8ed720b2d9e193840a3d49a1",
            ),
        ),
    ),
    "glove-insects": Source(
        "embeddings",
        "the GloVe vectors of flowers and insects",
        "https://github.com/e-mckinnie/WEAT",
        (_weat_file("weat_1_embedded.json", "522187a3ba360206085593aa6e5e3cf3107a6ede4d494d717c4f47315ee4997d"),),
    ),
    "glove-occupations": Source(
        "embeddings",
        "the GloVe vectors of occupations",
        "https://github.com/e-mckinnie/WEAT",
        (
            _weat_file("wefat_1_embedded.json", "0cdbf1cf6f3d42ef949555fa1d8f143520daa12e6fbe7fb95c6cf73fa0d86bfa"),
            _weat_file(
                "wefat_1_percentage_women.json", "96ee05fea524f1c21aa459079b70f38f10df40643dec699c08b76120292d1f7d"
            ),
        ),
    ),
}


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Words, their vectors, and the sets that a test compares.

    Attributes:
        words: the N words.
        vectors: (N, D) float32, as published: not normalised.
        sets: sets of words by name, as published; a word may have no vector (`word in vectors` tells).
        percent_women: for some occupations, how many percent of those who have it are women.
    """

    words: tuple[str, ...]
    vectors: Tensor
    sets: Mapping[str, tuple[str, ...]]
    percent_women: Mapping[str, float] = field(default_factory=dict)
    _rows: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", {word: row for row, word in enumerate(self.words)})

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._rows

    def __getitem__(self, word: str) -> Tensor:
        """(D,), the vector of one word."""
        return self.stack([word])[0]

    def stack(self, words: Iterable[str]) -> Tensor:
        """The vectors of some words.

        Returns:
            (len(words), D).

        Raises:
            ValueError: if words have no vector; it names them.
        """
        words = list(words)
        missing = [word for word in words if word not in self._rows]
        if missing:
            raise ValueError(f"there is no vector of {', '.join(missing)}")
        return self.vectors[[self._rows[word] for word in words]]


def load_word_vectors(
    root: str | Path | None = None, download: bool = True, *, vectors: str = "word2vec"
) -> WordVectors:
    """The vectors, of 300 numbers, of the words of published tests for bias.

    Up to 1.2 MB are downloaded and checked against recorded SHA-256 sums.

    Args:
        root: the folder above `embeddings`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        vectors: "word2vec" (Google News; 347 words and the 31 word sets of WEAT, in which most first names and
            "axe" have no vector), "glove-insects" (Common Crawl; the 100 words of WEAT 1: flowers and insects as
            target_1 and target_2, pleasant and unpleasant as attribute_1 and attribute_2), or
            "glove-occupations" (the same; 50 occupations as target, female and male terms as attributes, and for
            20 occupations the percentage of women).

    Raises:
        DataNotFound: if they are not there, and may not or could not be fetched.
        ValueError: if a file or an argument is bad.

    Source: Caliskan, Bryson and Narayanan, Semantics derived automatically from language corpora contain human-like
        biases (2017); Mikolov et al. (2013); Pennington et al., GloVe (2014). The collections: WEFE (MIT) and
        e-mckinnie/WEAT (no licence stated: cite it, do not pass it on).
    """
    check_choice(vectors, "vectors", tuple(SOURCES))
    first, *others = find_files(SOURCES[vectors], root, download)
    if vectors == "word2vec":
        sets = {name: as_words(others[0], words) for name, words in read_json(others[0], dict).items()}
        return replace(_read_word2vec(first), sets=sets)
    return replace(_read_json(first), percent_women=_read_percentages(others[0]) if others else {})


def _read_word2vec(path: Path) -> WordVectors:
    """word2vec's text form: a line with the numbers of words and of dimensions, then a word and its numbers a line."""
    text = read_vectors(path)
    if text.header is None:
        raise BadFile(path, "line 1: the numbers of words and of dimensions were expected; got a word and its numbers")
    return WordVectors(tuple(text.lines), text.stacked(), {})


def _read_json(path: Path) -> WordVectors:
    """A JSON object of word sets, each a list of texts: a word and its numbers."""
    vectors: dict[str, np.ndarray] = {}
    sets = {}
    length = None
    for name, lines in read_json(path, dict).items():
        words = []
        for number, line in enumerate(as_words(path, lines)):
            try:
                word, vector = parsed(line.encode(), length)
            except ValueError as error:
                raise BadFile(path, f"{name}, {number}: {error}") from None
            if word in vectors and not np.array_equal(vectors[word], vector):
                raise BadFile(path, f"{name}, {number}: {word!r} has another vector before")
            length = len(vector)
            vectors[word] = vector
            words.append(word)
        sets[name] = tuple(words)
    if not vectors:
        raise BadFile(path, "words with vectors were expected; got none")
    return WordVectors(tuple(vectors), torch.from_numpy(np.stack(list(vectors.values()))), sets)


def _read_percentages(path: Path) -> dict[str, float]:
    percentages = read_json(path, dict)
    if not all(type(value) in (int, float) and 0 <= value <= 100 for value in percentages.values()):
        raise BadFile(path, "a percentage for each word was expected; some are not")
    return percentages
