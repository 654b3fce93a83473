"""WEAT and WEFAT: against slow loops, worked by hand, and the published figures."""

import math

import numpy as np
import pytest
import torch

from seeing.fairness.word_embeddings import (
    association,
    bias_direction,
    hard_debias,
    look_up,
    look_up_sets,
    weat,
    wefat,
    wefat_p_values,
)

PAIRS = [
    ("she", "he"),
    ("her", "his"),
    ("woman", "man"),
    ("daughter", "son"),
    ("girl", "boy"),
    ("female", "male"),
    ("sister", "brother"),
]


def cosine(u, v):
    return sum(p * q for p, q in zip(u, v, strict=True)) / math.sqrt(sum(p * p for p in u) * sum(q * q for q in v))


def slow_association(word, a, b):
    return sum(cosine(word, v) for v in a) / len(a) - sum(cosine(word, v) for v in b) / len(b)


def slow_effect(x, y, a, b):
    first, second = ([slow_association(w, a, b) for w in words] for words in (x, y))
    both = first + second
    mean = sum(both) / len(both)
    spread = math.sqrt(sum((s - mean) ** 2 for s in both) / (len(both) - 1))
    return (sum(first) / len(first) - sum(second) / len(second)) / spread


def random_sets(seed, *sizes):
    random = np.random.default_rng(seed)
    return [random.normal(0.3, 1, (size, 5)) for size in sizes]


@pytest.mark.parametrize("seed", range(10))
def test_equal_the_slow_loops(seed):
    x, y, a, b = random_sets(seed, 4, 3 + seed % 3, 2, 3)
    found = weat(x, y, a, b)
    assert found.effect_size == pytest.approx(slow_effect(x.tolist(), y.tolist(), a.tolist(), b.tolist()), abs=1e-12)
    leaning = [slow_association(w, a.tolist(), b.tolist()) for w in x.tolist()]
    assert association(x, a, b) == pytest.approx(leaning, abs=1e-12)
    turned = weat(y, x, a, b)
    assert turned.effect_size == pytest.approx(-found.effect_size)
    assert turned.statistic == pytest.approx(-found.statistic)
    assert weat(3 * x, y, a / 7, b).effect_size == pytest.approx(found.effect_size)


def test_by_hand():
    """Associations 1, -1 in the plane: the mean difference 2 over a standard deviation of sqrt(2) with n - 1."""
    found = weat([[2, 0]], [[0, 3]], [[1, 0]], [[0, 1]])
    assert found.effect_size == pytest.approx(math.sqrt(2))
    assert (found.statistic, found.p_value, found.partitions, found.exact) == (2, 0.5, 2, True)


def test_tensors_lists_and_arrays_agree():
    x, y, a, b = random_sets(0, 3, 3, 2, 2)
    tensors = [torch.from_numpy(words) for words in (x, y, a, b)]
    assert weat(x, y, a, b) == weat(*tensors) == weat(x.tolist(), y.tolist(), a.tolist(), b.tolist())
    assert isinstance(association(tensors[0], a, b), torch.Tensor)
    assert isinstance(association(x, tensors[2], b), np.ndarray)
    assert isinstance(wefat(tensors[0], a, b), torch.Tensor)
    assert wefat(tensors[0].float(), a, b).dtype == torch.float64


def test_words_that_lean_alike_have_no_effect_size():
    x = np.ones((3, 4))
    found = weat(x, 2 * x, np.eye(4)[:2], np.eye(4)[2:])
    assert math.isnan(found.effect_size)
    assert found.p_value == 1
    assert np.isnan(wefat(x, np.eye(4)[:2], np.eye(4)[2:])).all()


@pytest.mark.parametrize("seed", range(5))
def test_wefat_equal_the_slow_loop(seed):
    words, a, b = random_sets(seed, 6, 3, 4)
    for word, found, p in zip(words, wefat(words, a, b), wefat_p_values(words, a, b), strict=True):
        to_a, to_b = ([cosine(word, v) for v in side] for side in (a, b))
        assert found == pytest.approx((np.mean(to_a) - np.mean(to_b)) / np.std(to_a + to_b, ddof=1))
        assert 0 < p <= 1
    one = wefat_p_values([[1.0, 0.0]], [[1, 0.1], [1, 0.2]], [[0, 1], [0.1, 1]])
    assert one == pytest.approx([1 / 6])


def test_bad_input():
    x, y, a, b = random_sets(0, 3, 3, 2, 2)
    for name, sets in {
        "x must be": (x[:0], y, a, b),
        "y must be": (x, y[0], a, b),
        "a must be": (x, y, a[:0], b),
        "b must hold no zero vector": (x, y, a, 0 * b),
        "x must be finite": (x * np.nan, y, a, b),
        "x and a must have vectors of one length; got 5 and 4": (x, y, a[:, :4], b),
    }.items():
        with pytest.raises(ValueError, match=name):
            weat(*sets)


@pytest.mark.parametrize(
    ("sets", "effect"),
    [
        (("flowers", "insects", "pleasant_5", "unpleasant_5a"), 1.54),
        (("instruments", "weapons", "pleasant_5", "unpleasant_5a"), 1.63),
        (("male_names", "female_names", "career", "family"), 1.89),
        (("math", "arts", "male_terms", "female_terms"), 0.97),
        (("science", "arts_2", "male_terms_2", "female_terms_2"), 1.24),
    ],
)
def test_published_effects_on_word2vec(word2vec, sets, effect):
    vectors = [look_up(word2vec, [word for word in word2vec.sets[name] if word in word2vec]) for name in sets]
    found = weat(*vectors, samples=1000)
    assert round(found.effect_size, 2) == effect
    if "career" in sets:
        assert (found.partitions, found.exact) == (12_870, True)
        assert found.p_value == 1 / 12_870
        assert f"{found.p_value:.1e}" == "7.8e-05"


def test_published_correlation_of_occupations(occupations):
    """.910 before hard debiasing, and about .05 after it."""
    women = occupations.percent_women
    female, male = occupations.sets["attribute_1"], occupations.sets["attribute_2"]

    def correlation(embedding):
        sides = look_up(embedding, female), look_up(embedding, male)
        return np.corrcoef(wefat(look_up(embedding, women), *sides), list(women.values()))[0, 1]

    assert correlation(occupations) == pytest.approx(0.910, abs=0.0005)
    direction = bias_direction(look_up_sets(occupations, PAIRS))
    debiased = hard_debias(occupations, direction, equality_sets=PAIRS, specific=(*female, *male))
    assert correlation(debiased) == pytest.approx(0.05, abs=0.005)
