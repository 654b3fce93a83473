"""The bias direction and hard debiasing: against slow formulas, worked by hand, and what must hold afterwards."""

import numpy as np
import pytest
import torch

from seeing.data.word_vectors import WordVectors
from seeing.fairness.individual import consistency
from seeing.fairness.word_embeddings import (
    bias_direction,
    bias_subspace,
    direct_bias,
    equalise,
    explained_variance,
    hard_debias,
    look_up,
    look_up_sets,
    neutralise,
)
from tests.seeing.fairness.word_embeddings.test_weat import PAIRS


def units(seed, *shape):
    vectors = np.random.default_rng(seed).normal(size=shape)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


@pytest.mark.parametrize("seed", range(5))
def test_the_direction_is_the_first_component_of_the_centred_pairs(seed):
    pairs = units(seed, 6, 2, 9)
    covariance = np.zeros((9, 9))
    for pair in pairs:
        for word in pair:
            off = word - pair.mean(0)
            covariance += np.outer(off, off) / 2
    values, vectors = np.linalg.eigh(covariance)
    found = bias_direction(4 * pairs)
    assert abs(found @ vectors[:, -1]) == pytest.approx(1)
    assert np.linalg.norm(found) == pytest.approx(1)
    assert (pairs[:, 0] - pairs[:, 1]).sum(0) @ found >= 0
    assert explained_variance(pairs)[:9] == pytest.approx(values[::-1] / values.sum(), abs=1e-12)
    assert bias_subspace(pairs, 3) @ bias_subspace(pairs, 3).T == pytest.approx(np.eye(3), abs=1e-12)


def test_what_a_pair_is_about_does_not_count():
    """Pairs that differ along the first axis, and lie far apart along the second: uncentred, the second would win."""
    pairs = [[[0.3, 2, 1], [-0.3, 2, 1]], [[0.4, -2, 1], [-0.4, -2, 1]]]
    assert bias_direction(pairs) == pytest.approx([1, 0, 0], abs=1e-12)
    assert bias_direction([pair[::-1] for pair in pairs]) == pytest.approx([-1, 0, 0], abs=1e-12)
    assert explained_variance(pairs)[0] == pytest.approx(1)


def test_neutralise_by_hand():
    """(3, 4) without its first part is (0, 4), which gets back to length 1."""
    assert neutralise([3.0, 4.0], [2.0, 0.0]).tolist() == [0, 1]
    assert neutralise([[1.0, 1.0, 1.0]], [[1.0, 0, 0], [1.0, 1.0, 0]]) == pytest.approx(np.array([[0, 0, 1.0]]))


def test_equalise_by_hand():
    """The mean of (.6, .8) and (0, 1) has a common part of (0, .9): the rest, sqrt(1 - .81), goes to either side."""
    rest = np.sqrt(1 - 0.81)
    assert equalise([[0.6, 0.8], [0.0, 1.0]], [1.0, 0.0]) == pytest.approx(np.array([[rest, 0.9], [-rest, 0.9]]))


@pytest.mark.parametrize("seed", range(10))
def test_what_holds_afterwards(seed):
    words, pairs, direction = units(seed, 7, 5), units(seed + 100, 4, 2, 5), units(seed + 200, 5)
    neutral, equal = neutralise(words, direction), equalise(pairs, direction)
    assert neutral @ direction == pytest.approx(0, abs=1e-12)
    assert np.linalg.norm(neutral, axis=1) == pytest.approx(1)
    assert np.linalg.norm(equal, axis=2) == pytest.approx(1)
    distances = np.linalg.norm(neutral[:, None, None] - equal, axis=-1)
    assert distances[..., 0] == pytest.approx(distances[..., 1])
    assert neutralise(neutral, direction) == pytest.approx(neutral)
    assert np.sign(equal @ direction) == pytest.approx(np.sign((pairs - pairs.mean(1, keepdims=True)) @ direction))
    plain = words - np.outer(words @ direction, direction)
    assert neutral == pytest.approx(plain / np.linalg.norm(plain, axis=1, keepdims=True))


def test_tensors_keep_their_type_and_gradient():
    words = torch.randn(3, 4, generator=torch.Generator().manual_seed(0), requires_grad=True)
    found = neutralise(words, np.array([1.0, 0, 0, 0]))
    assert (found.dtype, found.shape) == (torch.float32, (3, 4))
    found.sum().backward()
    assert torch.isfinite(words.grad).all()
    assert neutralise(words.detach().half(), [1, 0, 0, 0]).dtype == torch.float32
    assert isinstance(bias_direction(torch.randn(2, 2, 4)), torch.Tensor)


def test_hard_debias_of_a_small_embedding():
    vectors = dict(zip("abcdef", units(0, 6, 4), strict=True))
    before = {word: vector.copy() for word, vector in vectors.items()}
    direction = units(1, 4)
    found = hard_debias(vectors, direction, equality_sets=[("a", "b")], specific=["c", "unknown"])
    assert isinstance(found, WordVectors)
    assert look_up(found, ["d", "e", "f"]).numpy() @ direction == pytest.approx(0, abs=1e-12)
    assert found["c"].numpy() == pytest.approx(vectors["c"])
    assert look_up(found, ["a", "b"]).numpy() == pytest.approx(equalise([vectors["a"], vectors["b"]], direction))
    assert all((vectors[word] == before[word]).all() for word in vectors)
    assert hard_debias({"a": [1.0, 0.0]}, [1.0, 0], specific=["a"])["a"].tolist() == [1, 0]


def test_the_input_embedding_is_left_alone(occupations):
    before = occupations.vectors.clone()
    direction = bias_direction(look_up_sets(occupations, PAIRS))
    words = occupations.sets["target"]
    leaning = look_up(occupations, words) @ direction
    debiased = hard_debias(occupations, direction, equality_sets=PAIRS)
    assert torch.equal(occupations.vectors, before)
    assert debiased.sets == occupations.sets
    assert direct_bias(look_up(occupations, words), direction) == pytest.approx(0.0892, abs=0.0001)
    assert direct_bias(look_up(debiased, words), direction) == pytest.approx(0, abs=1e-7)
    # What remains: of the five nearest occupations, far more than half leaned the same way.
    side = (leaning > leaning.median()).double()
    assert consistency(look_up(debiased, words), side) > 0.6


def test_direct_bias_by_hand():
    assert direct_bias([[1.0, 0], [0, 2.0], [3.0, 4.0]], [5.0, 0]) == pytest.approx((1 + 0 + 0.6) / 3)
    assert direct_bias([[1.0, 0], [0, 2.0], [3.0, 4.0]], [5.0, 0], 2) == pytest.approx((1 + 0 + 0.36) / 3)
    assert direct_bias([[1.0, 0], [0, 2.0], [3.0, 4.0]], [5.0, 0], 0) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bias_direction(np.ones((2, 2, 3))), r"from 1 to 0"),
        (lambda: bias_subspace(units(0, 2, 2, 5), 3), r"from 1 to 2.*got 3"),
        (lambda: bias_direction(units(0, 2, 1, 5)), "two words at least"),
        (lambda: bias_direction(units(0, 2, 5)), r"must be \(P, M, D\)"),
        (lambda: bias_direction(np.zeros((1, 2, 3))), r"no zero vector.*\[0, 0\]"),
        (lambda: bias_direction(np.empty((0, 2, 3))), "no axis empty"),
        (lambda: neutralise([2.0, 0], [1.0, 0]), "lies along the direction"),
        (lambda: neutralise([2.0, 0], [1.0, 0, 0]), "as many numbers each; got 2 and 3"),
        (lambda: neutralise([2.0, np.nan], [1.0, 0]), "finite"),
        (lambda: neutralise([2.0, 1], [0.0, 0]), "direction must hold no zero"),
        (lambda: neutralise([2.0, 1, 1], [[1.0, 0, 0], [2.0, 0, 0]]), "linearly independent"),
        (lambda: equalise([[1.0, 0], [1.0, 0]], [1.0, 0]), "differ along the direction"),
        (lambda: equalise([[1.0, 0]], [1.0, 0]), "two words at least"),
        (lambda: direct_bias([[1.0, 0]], [1.0, 0], -1), "strictness"),
        (lambda: hard_debias({"a": [1.0, 2]}, [1.0, 0], equality_sets=[("a", "a")]), "one equality set only; got a"),
        (lambda: hard_debias({"a": [1.0, 2]}, [1.0, 0], equality_sets=[("a", "b")]), "no vector of 'b'"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
