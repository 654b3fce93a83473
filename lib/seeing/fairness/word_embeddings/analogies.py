"""Analogies by arithmetic: a is to b as c is to the word whose vector is nearest to b - a + c."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import torch

from seeing.fairness.word_embeddings.vectors import Embedding, as_word_vectors, floating, look_up, unit


class Answer(NamedTuple):
    """A word and the cosine, in [-1, 1], of its vector with b - a + c.

    Attributes:
        word: the word.
        cosine: between its vector and the one that was asked for.
    """

    word: str
    cosine: float


def analogy(
    embedding: Embedding,
    a: str,
    b: str,
    c: str,
    *,
    exclude_inputs: bool = True,
    candidates: Iterable[str] | None = None,
    count: int = 5,
) -> list[Answer]:
    """The words that best complete "a is to b as c is to ...", such as man : king, woman : queen.

    The nearest word is often b or c itself. Leaving the inputs out, as is usual, forbids that answer: a different
    word must then come out, whether or not the vectors say that b and its counterpart differ.

    Args:
        embedding: WordVectors, or a mapping of words to vectors.
        a: the first word.
        b: what a is to.
        c: the word to complete.
        exclude_inputs: whether a, b and c may not be answers.
        candidates: the words that may be answers; if None, all.
        count: how many answers, at least 1.

    Returns:
        The nearest words and their cosines, best first, and of equals the one that the embedding has first; fewer
        than `count` if there are no more candidates.

    Raises:
        ValueError: if a word has no vector, a vector is zero or not finite, b - a + c is zero, or count is under 1.

    Source: Mikolov, Yih and Zweig, Linguistic regularities in continuous space word representations (2013); on the
        excluded inputs, Nissim, van Noord and van der Goot, Fair is better than sensational (2020).
    """
    if count < 1:
        raise ValueError(f"count must be at least 1; got {count}")
    known = as_word_vectors(embedding)
    inputs = unit(floating(look_up(known, (a, b, c)), "the inputs' vectors", ("N", "D")), "the inputs' vectors")
    target = inputs[1] - inputs[0] + inputs[2]
    if bool(torch.linalg.vector_norm(target) < 8 * torch.finfo(target.dtype).eps):
        target = torch.zeros_like(target)  # what rounding leaves of three vectors of length 1 has no direction
    target = unit(target, "b - a + c")
    allowed = set(known.words if candidates is None else candidates)
    if exclude_inputs:
        allowed -= {a, b, c}
    words = list(dict.fromkeys(word for word in known.words if word in allowed))
    unknown = sorted(allowed - set(words))
    if unknown:
        look_up(known, unknown)  # raises, and names the nearest known words
    if not words:
        return []
    vectors = known.vectors if len(words) == len(known.words) else known.stack(words)
    cosines = unit(floating(vectors, "the candidates' vectors", ("N", "D")), "the candidates' vectors") @ target
    order = torch.sort(cosines, descending=True, stable=True).indices[:count].tolist()
    return [Answer(words[index], cosines[index].clamp(-1, 1).item()) for index in order]
