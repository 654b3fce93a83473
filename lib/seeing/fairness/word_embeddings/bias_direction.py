"""The direction in which two groups of words differ, and how far words lean along it."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from seeing.fairness.word_embeddings.vectors import floating, like, unit


def bias_direction(pairs: ArrayLike | Tensor) -> Tensor | np.ndarray:
    """The direction along which the words of pairs differ most: the first principal component of the centred pairs.

    Args:
        pairs: (P, 2, D), word vectors of any length but 0; each pair differs in the bias and little else: (she, he),
            (woman, man).

    Returns:
        (D,) of length 1, which points from the second words of the pairs to the first; numpy or torch as `pairs`.

    Raises:
        ValueError: as `bias_subspace`.

    Source: Bolukbasi et al., Man is to computer programmer as woman is to homemaker? (2016), section 5.1.
    """
    return bias_subspace(pairs, 1)[0]


def bias_subspace(sets: ArrayLike | Tensor, dimensions: int = 1) -> Tensor | np.ndarray:
    """The directions along which the words of a set differ most, for sets of two or more.

    Args:
        sets: (P, M, D), P sets of M word vectors of any length but 0.
        dimensions: k, how many directions, from 1 to the number of those in which the sets differ at all.

    Returns:
        (k, D), orthonormal, the one with most of the variance first; each points to the first words of the sets, on
        average. numpy or torch as `sets`.

    Raises:
        ValueError: if the shape is another, a vector is zero or not finite, or the sets differ in fewer directions.

    Source: Bolukbasi et al. (2016), section 5.1, step 1.
    """
    centred = _centred(sets)
    _, spread, directions = torch.linalg.svd(centred.flatten(0, 1), full_matrices=False)
    rank = int((spread > torch.finfo(spread.dtype).eps * max(centred.shape)).sum())
    if not 1 <= dimensions <= rank:
        raise ValueError(
            f"dimensions must be from 1 to {rank}, the number of directions in which the words of the sets differ; "
            f"got {dimensions}"
        )
    kept = directions[:dimensions]
    towards_first = centred[:, 0].sum(0) @ kept.T
    return like(torch.where(towards_first < 0, -1, 1)[:, None] * kept, sets)


def explained_variance(sets: ArrayLike | Tensor) -> Tensor | np.ndarray:
    """The share of the centred sets' variance along each principal direction, the largest first.

    A bias is one direction if the first share is far above the others, and above that of random pairs.

    Args:
        sets: as in `bias_subspace`.

    Returns:
        (min(P M, D),), which sum to 1; NaN if the words of each set are equal.

    Raises:
        ValueError: if the shape is another, or a vector is zero or not finite.

    Source: Bolukbasi et al. (2016), figure 6.
    """
    variance = torch.linalg.svdvals(_centred(sets).flatten(0, 1)) ** 2
    return like(variance / variance.sum(), sets)


def direct_bias(vectors: ArrayLike | Tensor, direction: ArrayLike | Tensor, strictness: float = 1) -> float:
    """How far words that should be neutral lean along a direction: mean |cos(w, g)|^c. Ideal value: 0.

    Args:
        vectors: (N, D), the words that should be neutral.
        direction: (D,), the bias direction g.
        strictness: c, at least 0: the smaller, the more a slight leaning counts; at 0, any at all counts as 1.

    Returns:
        A number in [0, 1].

    Raises:
        ValueError: if a shape or number is not as above.

    Source: Bolukbasi et al. (2016), section 5.2.
    """
    if not strictness >= 0:
        raise ValueError(f"strictness must be at least 0; got {strictness}")
    words = unit(floating(vectors, "vectors", ("N", "D"), torch.float64), "vectors")
    along = unit(floating(direction, "direction", ("D",), torch.float64), "direction").to(words.device)
    check_lengths(words, along)
    lean = (words @ along).abs()
    return torch.where(lean > 0, lean**strictness, 0).mean().item()


def check_lengths(vectors: Tensor, direction: Tensor) -> None:
    """Refuse a direction that is not of the vectors' space.

    Raises:
        ValueError: if the last axes differ.
    """
    if vectors.shape[-1] != direction.shape[-1]:
        raise ValueError(
            f"vectors and direction must have as many numbers each; got {vectors.shape[-1]} and {direction.shape[-1]}"
        )


def _centred(sets: ArrayLike | Tensor) -> Tensor:
    """(P, M, D): unit vectors less the mean of their own set, so that what a set is about does not count."""
    vectors = unit(floating(sets, "the word sets", ("P", "M", "D")), "the word sets")
    if vectors.shape[1] < 2:
        raise ValueError(f"a set needs two words at least, whose difference is the bias; got {tuple(vectors.shape)}")
    return vectors - vectors.mean(1, keepdim=True)
