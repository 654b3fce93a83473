"""Full word vectors in text form, as GloVe publishes them: too large to ship, read where they were fetched by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from seeing.data.files import BadFile
from seeing.data.word_vectors import WordVectors

WHERE = (
    "fetch glove.6B.zip (0.8 GB) from the GloVe page of the Stanford NLP group, unpack it, and give the path of one of "
    "its files, such as glove.6B.300d.txt"
)


def read_glove(path: str | Path, most: int | None = 100_000, *, progress: bool = True) -> WordVectors:
    """The first, and so most frequent, words of a text file with a word and its numbers on each line.

    Args:
        path: the file, in UTF-8; the numbers are separated by spaces, and a word may itself hold spaces.
        most: how many lines to read, at least 1; None reads all. 100,000 words of 300 numbers take 120 MB.
        progress: whether to show a progress bar.

    Returns:
        The words in the order of the file and their vectors, float32, not normalised. No sets, no percentages.

    Raises:
        FileNotFoundError: if there is no such file; the message says where to get it.
        ValueError: if a line has another number of numbers than the first, one of them is none or not finite, a word
            occurs twice, or there is no line; the message names the line.

    Source: Pennington, Socher and Manning, GloVe: global vectors for word representation (2014).
    """
    if most is not None and most < 1:
        raise ValueError(f"most must be at least 1, or None for all; got {most}")
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}: {WHERE}")
    words, vectors = {}, []
    with path.open(encoding="utf-8") as file, tqdm(total=most, unit="word", disable=not progress) as bar:
        for number, line in enumerate(file, start=1):
            try:
                word, vector = _parsed(line, len(vectors[0]) if vectors else None)
                if word in words:
                    raise ValueError(f"{word!r} stands on line {words[word]} already")
            except ValueError as error:
                raise BadFile(path, f"line {number}: {error}") from None
            words[word] = number
            vectors.append(vector)
            bar.update()
            if number == most:
                break
    if not vectors:
        raise BadFile(path, "a word and its numbers on each line were expected; the file is empty")
    return WordVectors(tuple(words), torch.from_numpy(np.stack(vectors)), {})


def _parsed(line: str, length: int | None) -> tuple[str, np.ndarray]:
    """A line's word and vector; the first line says how many numbers there are."""
    parts = line.rstrip().split(" ")
    length = len(parts) - 1 if length is None else length
    word, numbers = " ".join(parts[: len(parts) - length]), parts[len(parts) - length :]
    try:
        vector = np.array(numbers, np.float32)
    except ValueError:
        vector = np.array([np.nan])
    if not word or length < 1 or not np.isfinite(vector).all():
        raise ValueError(f"a word and {max(length, 1)} finite numbers were expected; got {line.strip()[:60]!r}")
    return word, vector
