"""Word vectors in text form: a word and its numbers a line, under a header (word2vec, fastText) or not (GloVe)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from seeing.data.files import BadFile
from seeing.data.text_lines import numbered_lines


class Header(NamedTuple):
    """What word2vec's and fastText's text form says on its first line.

    Attributes:
        words: how many words the file says it has.
        length: how many numbers it says a vector has.
    """

    words: int
    length: int


LONGEST_NUMBER = 9  # digits of a header's numbers


@dataclass
class VectorText:
    """What was read.

    Attributes:
        header: the first line of word2vec's and fastText's form; None without.
        lines: the number of the line on which each word stands, in the order of the file.
        vectors: one of each word, in the same order.
    """

    header: Header | None
    lines: dict[str, int] = field(default_factory=dict)
    vectors: list[np.ndarray] = field(default_factory=list)

    def stacked(self) -> Tensor:
        """(N, D) float32."""
        return torch.from_numpy(np.stack(self.vectors))


def read_vectors(path: Path, most: int | None = None, *, progress: bool = False) -> VectorText:
    """The words of a file and their vectors: `seeing.data.read_glove` says what is read and what is refused.

    Raises:
        ValueError: if the file or a line is bad; names the line.
        OSError: if it cannot be read.
    """
    lines = numbered_lines(path)
    first = next(lines, None)
    if first is None:
        raise BadFile(path, "a word and its numbers on each line were expected; the file is empty")
    try:
        found = VectorText(_header(first[1]))
    except ValueError as error:
        raise BadFile(path, f"line 1: {error}") from None
    wanted = most
    if found.header is None:
        lines = itertools.chain([first], lines)
    else:
        wanted = min(found.header.words, found.header.words if most is None else most)
    with tqdm(total=wanted, unit="word", disable=not progress) as bar:
        for number, line in lines:
            if len(found.vectors) == most:
                break
            _add(found, path, number, line)
            bar.update()
    _check_number(found, path, wanted)
    return found


def parsed(line: bytes, length: int | None) -> tuple[str, np.ndarray]:
    """A line's word and so many numbers, or all numbers at its end."""
    if length is None:
        ends = reversed(line.split()[1:])
        length = sum(1 for _ in itertools.takewhile(_is_number, ends))
    # Bytes are split at ASCII spaces alone: U+00A0 and its like are words.
    word, *numbers = line.rsplit(maxsplit=length) or [b""]
    vector = _as_vector(numbers, line[len(word) :])
    # What ends in a number is a longer vector, no word of several parts.
    too_long = any(map(_is_number, word.split()[1:]))
    fits = len(numbers) == length > 0 and not too_long
    if not (fits and np.isfinite(vector).all()):
        raise ValueError(
            f"a word and {length or 'some'} finite numbers were expected; "
            f"got {_shortened(line.decode(errors='replace').strip())}"
        )
    return word.strip().decode(), vector


def _header(line: bytes) -> Header | None:
    fields = line.split()
    if len(fields) != 2 or not all(map(bytes.isdigit, fields)):
        return None
    if max(map(len, fields)) > LONGEST_NUMBER:
        got = _shortened(line.decode().strip())
        raise ValueError(f"a header of two numbers up to {LONGEST_NUMBER} digits was expected; got {got}")
    return Header(*map(int, fields))


def _add(found: VectorText, path: Path, number: int, line: bytes) -> None:
    header = found.header
    if header is not None and len(found.vectors) == header.words:
        raise BadFile(path, f"line {number}: the header on line 1 says {header.words} words; here is one more")
    length = header.length if header else len(found.vectors[0]) if found.vectors else None
    try:
        word, vector = parsed(line, length)
    except ValueError as error:
        why = f" (line 1, a header, says {header.words} words of {header.length} numbers)" if header else ""
        why = f" (line 1 ends in {length} numbers)" if not header and length else why
        raise BadFile(path, f"line {number}: {error}{why}") from None
    if word in found.lines:
        raise BadFile(path, f"line {number}: {word!r} stands on line {found.lines[word]} already")
    found.lines[word] = number
    found.vectors.append(vector)


def _check_number(found: VectorText, path: Path, wanted: int | None) -> None:
    if found.header is not None and wanted is not None and len(found.vectors) < wanted:
        raise BadFile(path, f"line 1, a header, says {found.header.words} words; got {len(found.vectors)}")
    if not found.vectors:
        raise BadFile(path, "words with vectors were expected; got none")


def _as_vector(numbers: list[bytes], written: bytes) -> np.ndarray:
    if b"_" in written:  # Python reads 1_0 as 10
        return np.array([np.nan])
    try:
        with np.errstate(over="ignore"):
            return np.array(numbers, np.float32)
    except ValueError:
        return np.array([np.nan])


def _is_number(text: bytes) -> bool:
    if b"_" in text:
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


def _shortened(text: str, most: int = 60) -> str:
    """A line as an error shows it; of a long one, how it begins and ends."""
    return repr(text if len(text) <= most else f"{text[: most - 20]} ... {text[-15:]}")
