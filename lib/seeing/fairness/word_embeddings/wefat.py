"""WEFAT: how strongly each single word is associated with one of two sets of attribute words."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from seeing.fairness.word_embeddings.permutation_test import permutation_test
from seeing.fairness.word_embeddings.vectors import like
from seeing.fairness.word_embeddings.weat import cosines


def wefat(words: ArrayLike | Tensor, a: ArrayLike | Tensor, b: ArrayLike | Tensor) -> Tensor | np.ndarray:
    """The association of each word in units of its spread: (mean cos(w, a) - mean cos(w, b)) / std over A and B.

    The standard deviation divides by n - 1. The publication sets these values against a fact about each word, such as
    the percentage of women in an occupation: `numpy.corrcoef(wefat(...), percent)`. Ideal value: 0.

    Args:
        words: (N, D), word vectors of any length but 0.
        a: (k, D), the first attribute words (female terms), k >= 1.
        b: (l, D), the second (male terms), l >= 1.

    Returns:
        (N,) float64, about in [-2, 2]; NaN for a word to which all attributes are equally near. numpy or torch as
        `words`.

    Raises:
        ValueError: if a set is empty, a vector is zero or not finite, or lengths differ.

    Source: Caliskan, Bryson and Narayanan, Semantics derived automatically from language corpora contain human-like
        biases (2017), methods, "Word-Embedding Factual Association Test".
    """
    to_a, to_b = cosines(words, a, "words", "a"), cosines(words, b, "words", "b")
    spread = torch.cat([to_a, to_b], 1).std(1)
    # Cosines that are equal but for rounding have no spread to measure by.
    return like(torch.where(spread > 1e-12, (to_a.mean(1) - to_b.mean(1)) / spread, torch.nan), words)


def wefat_p_values(
    words: ArrayLike | Tensor,
    a: ArrayLike | Tensor,
    b: ArrayLike | Tensor,
    *,
    exact: bool | None = None,
    samples: int = 100_000,
    seed: int = 0,
) -> np.ndarray:
    """How often a random partition of the attributes would lean a word at least as far to A, one-sided, for each word.

    Args:
        words: as in `wefat`.
        a: as in `wefat`.
        b: as in `wefat`.
        exact: whether all partitions are counted; None: all for k + l <= 40, else a sample (`permutation_test`).
        samples: how many random partitions are drawn where not all are counted.
        seed: of the draws.

    Returns:
        (N,) float64 in (0, 1], on the CPU. Of N words, some have a small p by chance: mind the number of tests.

    Raises:
        ValueError: as `wefat` and `permutation_test`.

    Source: the permutation test of WEAT, with words and attributes in each other's place; not in the publication.
    """
    to_a, to_b = (
        cosines(words, a, "words", "a").detach().cpu().numpy(),
        cosines(words, b, "words", "b").detach().cpu().numpy(),
    )
    return np.array(
        [
            permutation_test(first, second, exact=exact, samples=samples, seed=seed).p_value
            for first, second in zip(to_a, to_b, strict=True)
        ]
    )
