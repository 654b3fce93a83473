"""What the tests and corrections of word vectors take: words that have a vector, and vectors that have a direction."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from seeing.arrays import as_tensor
from seeing.data.word_vectors import WordVectors

Embedding = WordVectors | Mapping[str, ArrayLike]
Words = TypeVar("Words", bound=Sequence[str])
NAMED = 5
"""How many unknown words an error names."""


def as_word_vectors(embedding: Embedding) -> WordVectors:
    """The embedding as words and one table of vectors.

    Args:
        embedding: WordVectors, or a mapping of words to vectors (D,).

    Raises:
        ValueError: if a mapping is empty or its vectors differ in length.
    """
    if isinstance(embedding, WordVectors):
        return embedding
    if not embedding:
        raise ValueError("an embedding needs at least one word; got none")
    vectors = [as_tensor(vector, f"the vector of {word!r}") for word, vector in embedding.items()]
    shapes = {tuple(vector.shape) for vector in vectors}
    if len(shapes) > 1 or len(next(iter(shapes))) != 1:
        raise ValueError(f"every word needs one vector (D,), all of one length; got the shapes {sorted(shapes)}")
    return WordVectors(tuple(embedding), torch.stack(vectors), {})


def look_up(embedding: Embedding, words: Iterable[str]) -> Tensor:
    """The vectors of some words.

    Args:
        embedding: WordVectors, or a mapping of words to vectors.
        words: N words, written as the embedding writes them.

    Returns:
        (N, D), of the embedding's type and device.

    Raises:
        ValueError: if words have no vector; it names them, and the known words that are spelt most like them.
    """
    if isinstance(words, str):
        raise ValueError(f"words must be a sequence of words; got the text {words!r}: write [{words!r}]")
    known, words = as_word_vectors(embedding), list(words)
    missing = [word for word in words if word not in known]
    if missing:
        listed = "; ".join(f"{word!r} (nearest known by spelling: {_nearest(word, known)})" for word in missing[:NAMED])
        more = f"; and of {len(missing) - NAMED} more" if len(missing) > NAMED else ""
        raise ValueError(f"there is no vector of {listed}{more}")
    return known.stack(words)


def look_up_sets(embedding: Embedding, sets: Iterable[Sequence[str]]) -> Tensor:
    """The vectors of word sets of one size, such as the pairs (she, he), (woman, man).

    Args:
        embedding: WordVectors, or a mapping of words to vectors.
        sets: P sets of M words each.

    Returns:
        (P, M, D).

    Raises:
        ValueError: if there is no set, the sizes differ, or words have no vector.
    """
    known, sets = as_word_vectors(embedding), [tuple(words) for words in sets]
    sizes = {len(words) for words in sets}
    if len(sizes) != 1:
        raise ValueError(f"word sets must all have one size; got the sizes {sorted(sizes)}")
    return torch.stack([look_up(known, words) for words in sets])


def known_sets(embedding: Embedding, sets: Iterable[Words]) -> list[Words]:
    """Those of the word sets whose every word has a vector: a published list seldom fits a small embedding whole.

    Args:
        embedding: WordVectors, or a mapping of words to vectors.
        sets: the word sets.
    """
    return [words for words in sets if all(word in embedding for word in words)]


def floating(values: ArrayLike | Tensor, name: str, shape: tuple[str, ...], dtype: torch.dtype | None = None) -> Tensor:
    """Numbers as a floating tensor, checked.

    Args:
        values: array, tensor or nested sequence.
        name: what an error calls them.
        shape: the names of the axes wanted, such as ("N", "D"); a first "..." stands for any number of axes.
        dtype: of the result; if None, the values' own, but at least float32.

    Raises:
        ValueError: if the number of axes is another, an axis is empty, or a number is not finite.
    """
    tensor = as_tensor(values, name)
    fits = tensor.dim() >= len(shape) - 1 if shape[0] == "..." else tensor.dim() == len(shape)
    if not fits or 0 in tensor.shape:
        raise ValueError(f"{name} must be ({', '.join(shape)}), with no axis empty; got {tuple(tensor.shape)}")
    if tensor.is_complex() or not bool(torch.isfinite(tensor).all()):
        raise ValueError(f"{name} must be finite real numbers; got NaN, an infinity or a complex type")
    return tensor.to(dtype or torch.promote_types(tensor.dtype, torch.float32))


def unit(vectors: Tensor, name: str) -> Tensor:
    """Vectors (..., D) scaled to length 1.

    Raises:
        ValueError: if a vector is zero: it has no direction.
    """
    length = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    if bool((length == 0).any()):
        index = (length[..., 0] == 0).nonzero()[0].tolist()
        raise ValueError(f"{name} must hold no zero vector, which has no direction; got one at {index}")
    return vectors / length


def like(result: Tensor, given: object) -> Tensor | np.ndarray:
    """The result as the caller gave its numbers: a tensor for a tensor, and a numpy array for all else."""
    return result if isinstance(given, Tensor) else result.numpy()


def _nearest(word: str, known: WordVectors) -> str:
    """The known words spelt most like one, whatever the case, for an error text."""
    folded: dict[str, str] = {}
    for candidate in known.words:
        folded.setdefault(candidate.lower(), candidate)
    near = difflib.get_close_matches(word.lower(), folded, n=3)
    # Asked for any likeness at all, difflib takes long over a large vocabulary.
    near = near or difflib.get_close_matches(word.lower(), folded, n=3, cutoff=0)
    return ", ".join(folded[match] for match in near) or "none"
