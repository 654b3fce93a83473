"""Bias in word vectors: finding it, testing for it, taking it out, and what the classic analogies show of it."""

from seeing.fairness.word_embeddings.analogies import Answer, analogy
from seeing.fairness.word_embeddings.bias_direction import (
    bias_direction,
    bias_subspace,
    direct_bias,
    explained_variance,
)
from seeing.fairness.word_embeddings.debiasing import equalise, hard_debias, neutralise
from seeing.fairness.word_embeddings.permutation_test import PermutationTest, permutation_test
from seeing.fairness.word_embeddings.vectors import known_sets, look_up, look_up_sets
from seeing.fairness.word_embeddings.weat import Weat, association, weat
from seeing.fairness.word_embeddings.wefat import wefat, wefat_p_values

__all__ = [
    "Answer",
    "PermutationTest",
    "Weat",
    "analogy",
    "association",
    "bias_direction",
    "bias_subspace",
    "direct_bias",
    "equalise",
    "explained_variance",
    "hard_debias",
    "known_sets",
    "look_up",
    "look_up_sets",
    "neutralise",
    "permutation_test",
    "weat",
    "wefat",
    "wefat_p_values",
]
