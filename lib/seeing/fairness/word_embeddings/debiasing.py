"""Hard debiasing: take a direction out of neutral words, and put paired words at equal distances of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from seeing.arrays import as_tensor
from seeing.data.word_vectors import WordVectors
from seeing.fairness.word_embeddings.bias_direction import check_lengths
from seeing.fairness.word_embeddings.vectors import Embedding, as_word_vectors, floating, like, look_up, unit


def neutralise(vectors: ArrayLike | Tensor, direction: ArrayLike | Tensor) -> Tensor | np.ndarray:
    """Take the bias out of words: (w - w_B) / |w - w_B|, where w_B is the part of w along the direction.

    Args:
        vectors: (..., D), of any length but 0.
        direction: (D,), or (k, D) for the k directions of a subspace; of any length, and not parallel.

    Returns:
        (..., D) of length 1 and orthogonal to the direction; numpy or torch as `vectors`.

    Raises:
        ValueError: if a shape or number is not as above, or nothing is left of a word: all of it is bias.

    Source: Bolukbasi et al., Man is to computer programmer as woman is to homemaker? (2016), section 5.1, step 2a.
    """
    words = unit(floating(vectors, "vectors", ("...", "D")), "vectors")
    rest = words - _part_along(words, _orthonormal(direction, words))
    if bool((torch.linalg.vector_norm(rest, dim=-1) <= _rounding(words)).any()):
        raise ValueError("every vector must keep something beside the bias; got one that lies along the direction")
    # What is left is shorter: at its own length, a word would seem the less frequent the more bias it had.
    return like(unit(rest, "vectors"), vectors)


def equalise(sets: ArrayLike | Tensor, direction: ArrayLike | Tensor) -> Tensor | np.ndarray:
    """Make the words of a set differ in the bias alone: nu + sqrt(1 - |nu|^2) (w_B - mu_B) / |w_B - mu_B|.

    mu is the mean of the set, mu_B its part along the direction, and nu = mu - mu_B. Of a pair, every neutral word is
    then equally far from both.

    Args:
        sets: (..., M, D), sets of M >= 2 words, of any length but 0: (grandmother, grandfather).
        direction: as in `neutralise`.

    Returns:
        (..., M, D) of length 1; numpy or torch as `sets`.

    Raises:
        ValueError: if a shape or number is not as above, or a word's part along the direction is that of its set's
            mean, which leaves no side to put it on.

    Source: Bolukbasi et al. (2016), section 5.1, step 2a.
    """
    words = unit(floating(sets, "the equality sets", ("...", "M", "D")), "the equality sets")
    if words.shape[-2] < 2:
        raise ValueError(f"an equality set needs two words at least; got {tuple(words.shape)}")
    basis = _orthonormal(direction, words)
    mean = words.mean(-2, keepdim=True)
    along_mean = _part_along(mean, basis)
    common = mean - along_mean
    side = _part_along(words, basis) - along_mean
    if bool((torch.linalg.vector_norm(side, dim=-1) <= _rounding(words)).any()):
        raise ValueError(
            "the words of an equality set must differ along the direction; "
            "got one with no more of it than the mean of its set"
        )
    length = (1 - (common**2).sum(-1, keepdim=True)).clamp(min=0).sqrt()
    # Rounding may leave the length a little off 1.
    return like(unit(common + length * unit(side, "the equality sets"), "the equality sets"), sets)


def hard_debias(
    embedding: Embedding,
    direction: ArrayLike | Tensor,
    *,
    equality_sets: Iterable[Sequence[str]] = (),
    specific: Iterable[str] = (),
) -> WordVectors:
    """Neutralise every word that is not about the bias by its meaning, and equalise the sets that are.

    What it cannot do: words that leaned the same way are still each other's neighbours, so the bias can be read off
    again (Gonen and Goldberg, Lipstick on a pig, 2019; `consistency` measures it).

    Args:
        embedding: WordVectors, or a mapping of words to vectors.
        direction: (D,) or (k, D), from `bias_direction` or `bias_subspace` of this embedding.
        equality_sets: word sets such as (grandmother, grandfather), equalised and not neutralised; no word in two.
        specific: words that keep their bias, such as "sister"; one without a vector is passed over.

    Returns:
        All words, each vector of length 1, in the embedding's type (at least float32) and on its device.

    Raises:
        ValueError: as `neutralise` and `equalise`, or if a word of an equality set has no vector (`known_sets` leaves
            such sets out) or is in two sets.

    Source: Bolukbasi et al. (2016), section 5.1.
    """
    known = as_word_vectors(embedding)
    sets = [tuple(words) for words in equality_sets]
    paired = Counter(word for words in sets for word in words)
    twice = sorted(word for word, times in paired.items() if times > 1)
    if twice:
        raise ValueError(f"a word may be in one equality set only; got {', '.join(twice)} twice")
    kept = {*paired, *specific}
    neutral = torch.tensor([word not in kept for word in known.words], device=known.vectors.device)
    vectors = unit(floating(known.vectors, "the embedding", ("N", "D")), "the embedding")
    if bool(neutral.any()):
        vectors[neutral] = as_tensor(neutralise(vectors[neutral], direction))
    rows = {word: row for row, word in enumerate(known.words)}
    for words in sets:
        equal = as_tensor(equalise(look_up(known, words), direction))
        vectors[[rows[word] for word in words]] = equal.to(vectors.dtype)
    return replace(known, vectors=vectors)


def _orthonormal(direction: ArrayLike | Tensor, vectors: Tensor) -> Tensor:
    """(k, D): the directions as an orthonormal basis, of the vectors' type and device."""
    direction = as_tensor(direction, "direction")
    axes = 2 if direction.dim() == 2 else 1
    given = floating(direction, "direction", ("k", "D") if axes == 2 else ("D",), vectors.dtype).to(vectors.device)
    rows = unit(given.reshape(-1, given.shape[-1]), "direction")
    check_lengths(vectors, rows)
    basis, triangle = torch.linalg.qr(rows.T)
    if len(rows) > rows.shape[1] or bool((triangle.diagonal().abs() <= _rounding(rows)).any()):
        raise ValueError("the directions must be linearly independent; got some that others make up")
    return basis.T


def _part_along(vectors: Tensor, basis: Tensor) -> Tensor:
    return vectors @ basis.T @ basis


def _rounding(vectors: Tensor) -> float:
    """What is as good as 0 for a sum of products of unit vectors."""
    return 8 * torch.finfo(vectors.dtype).eps
