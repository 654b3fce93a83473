"""Full word vectors in text form, as GloVe publishes them: too large to ship, read where they were fetched by hand."""

from __future__ import annotations

from numbers import Integral
from pathlib import Path

from seeing.data.vector_text import read_vectors
from seeing.data.word_vectors import WordVectors

WHERE = (
    "fetch glove.6B.zip (0.8 GB) from the GloVe page of the Stanford NLP group, unpack it, and give the path of one of "
    "its files, such as glove.6B.300d.txt; or call load_glove(), which knows 50,000 words with 100 numbers each"
)


def read_glove(path: str | Path, most: int | None = 100_000, *, progress: bool = True) -> WordVectors:
    """The first, and so most frequent, words of a text file with a word and its numbers on each line.

    It reads GloVe's form, and word2vec's and fastText's text form, which has a header: a first line of two whole
    numbers is taken for the numbers of words and of dimensions, and what follows must agree with it. (So a file
    without a header whose vectors have one number, and whose first word and number are whole, is refused.) Without
    a header, the numbers at the end of the first line say how many each vector has.

    Args:
        path: the file, in UTF-8, with or without a byte order mark, plain or packed by gzip. Spaces or tabs separate
            the numbers; more of them, carriage returns at the end of lines and empty lines at the end of the file do
            not matter. A word may itself hold spaces, as some of glove.840B do, but no part of it after the first
            may be a number: that is a line which is too long.
        most: how many words to read, at least 1; None reads all. 100,000 words of 300 numbers take 120 MB.
        progress: whether to show a progress bar.

    Returns:
        The words in the order of the file and their vectors, float32, not normalised. No sets, no percentages.

    Raises:
        FileNotFoundError: if there is no such file; the message says where to get it.
        ValueError: if a line has more or fewer numbers than the first or the header says, one of them is none or not
            finite, a word occurs twice, a byte is not UTF-8 (word2vec's binary form, for one), a line is empty before
            one that is not, there are more or fewer words than the header says, or none; the message names the line.
            Lines after the last wanted one are not looked at.

    Source: Pennington, Socher and Manning, GloVe: global vectors for word representation (2014); Mikolov, Chen,
        Corrado and Dean, Efficient estimation of word representations in vector space (2013).
    """
    check_most(most)
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}: {WHERE}")
    text = read_vectors(path, most, progress=progress)
    return WordVectors(tuple(text.lines), text.stacked(), {})


def check_most(most: int | None) -> None:
    """Refuse a number of words that is none.

    Raises:
        ValueError: if it is under 1, or not whole.
    """
    if most is not None and not (isinstance(most, Integral) and most >= 1):
        raise ValueError(f"most must be at least 1, a whole number, or None for all; got {most!r}")
