"""WEAT: whether two sets of target words are associated with two sets of attribute words to different degrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from seeing.fairness.word_embeddings.permutation_test import permutation_test
from seeing.fairness.word_embeddings.vectors import floating, like, unit


@dataclass(frozen=True)
class Weat:
    """The result of a word-embedding association test.

    Attributes:
        effect_size: Cohen's d, in [-2, 2] for sets of one size; positive if X leans to A and Y to B.
        statistic: the sum of the associations of X less that of Y.
        p_value: one-sided, in (0, 1]: how often a random partition of X and Y has at least this statistic.
        partitions: how many partitions that share is of.
        exact: whether these are all there are; else they are a seeded sample.
    """

    effect_size: float
    statistic: float
    p_value: float
    partitions: int
    exact: bool


def weat(
    x: ArrayLike | Tensor,
    y: ArrayLike | Tensor,
    a: ArrayLike | Tensor,
    b: ArrayLike | Tensor,
    *,
    exact: bool | None = None,
    samples: int = 100_000,
    seed: int = 0,
) -> Weat:
    """The word-embedding association test: d = (mean s(x) - mean s(y)) / std of s over X and Y. Ideal value: 0.

    s is `association`. The standard deviation divides by n - 1, as that of the published effect sizes does. The null
    hypothesis is that X and Y lean alike, so that any partition of their words into sets of these sizes would do.

    Args:
        x: (n, D), the vectors of the first target words (maths), of any length but 0; n >= 1.
        y: (m, D), of the second (arts). The publication has m = n; here words may be missing.
        a: (k, D), of the first attribute words (male terms).
        b: (l, D), of the second (female terms).
        exact: whether all partitions are counted; None: all for n + m <= 40, else a sample (`permutation_test`).
        samples: how many random partitions are drawn where not all are counted.
        seed: of the draws.

    Returns:
        The effect size, which is NaN if all words lean alike, and the test; numbers, computed in float64.

    Raises:
        ValueError: if a set is empty, a vector is zero or not finite, lengths differ, or as `permutation_test`.

    Source: Caliskan, Bryson and Narayanan, Semantics derived automatically from language corpora contain human-like
        biases (2017), methods, "Word-Embedding Association Test".
    """
    first = _associations(x, a, b, "x").detach().cpu().numpy()
    second = _associations(y, a, b, "y").detach().cpu().numpy()
    both = np.concatenate([first, second])
    spread = both.std(ddof=1)
    # Words that lean alike but for rounding have no spread to measure by.
    known = spread > 1e-12
    test = permutation_test(first, second, exact=exact, samples=samples, seed=seed)
    return Weat(
        effect_size=float((first.mean() - second.mean()) / spread) if known else float("nan"),
        statistic=float(first.sum() - second.sum()),
        p_value=test.p_value,
        partitions=test.partitions,
        exact=test.exact,
    )


def association(words: ArrayLike | Tensor, a: ArrayLike | Tensor, b: ArrayLike | Tensor) -> Tensor | np.ndarray:
    """How much more a word has to do with A than with B: s(w) = mean over A of cos(w, a) - mean over B of cos(w, b).

    Args:
        words: (N, D), word vectors of any length but 0.
        a: (k, D), k >= 1.
        b: (l, D), l >= 1.

    Returns:
        (N,) float64 in [-2, 2]; numpy or torch as `words`.

    Raises:
        ValueError: if a set is empty, a vector is zero or not finite, or lengths differ.

    Source: Caliskan et al. (2017), as `weat`.
    """
    return like(_associations(words, a, b, "words"), words)


def cosines(words: ArrayLike | Tensor, others: ArrayLike | Tensor, name: str, other: str) -> Tensor:
    """(N, k) float64: the cosines of word vectors (N, D) with others (k, D); the names are for errors.

    Raises:
        ValueError: if a set is empty, a vector is zero or not finite, or lengths differ.
    """
    left = unit(floating(words, name, ("N", "D"), torch.float64), name)
    right = unit(floating(others, other, ("N", "D"), torch.float64), other).to(left.device)
    if left.shape[1] != right.shape[1]:
        raise ValueError(
            f"{name} and {other} must have vectors of one length; got {left.shape[1]} and {right.shape[1]}"
        )
    return left @ right.T


def _associations(words: ArrayLike | Tensor, a: ArrayLike | Tensor, b: ArrayLike | Tensor, name: str) -> Tensor:
    return cosines(words, a, name, "a").mean(1) - cosines(words, b, name, "b").mean(1)
