"""The permutation test against enumeration, against scipy, and against itself with a sample."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from scipy import stats

from seeing.fairness.word_embeddings import permutation_test
from seeing.fairness.word_embeddings.permutation_test import count_at_least, sums_by_size


def slow_p(first, second):
    values = [*first, *second]
    observed = sum(first)
    sums = [sum(values[i] for i in chosen) for chosen in combinations(range(len(values)), len(first))]
    return sum(total >= observed - 1e-9 for total in sums) / len(sums)


@pytest.mark.parametrize("seed", range(30))
def test_equal_an_enumeration(seed):
    random = np.random.default_rng(seed)
    n, m = random.integers(1, 7, 2)
    # Whole numbers make many ties, on purpose.
    first, second = (random.integers(-3, 4, size) / 3 + 100 * (seed % 2) for size in (n, m))
    found = permutation_test(first, second)
    assert found.p_value == pytest.approx(slow_p(first.tolist(), second.tolist()), abs=1e-12)
    assert (found.partitions, found.exact) == (comb(n + m, n), True)


def test_equal_scipy_where_the_first_is_smaller_too():
    random = np.random.default_rng(0)
    first, second = random.normal(size=6), random.normal(0.7, size=5)
    for one, other in ((first, second), (second, first)):
        theirs = stats.permutation_test(
            (one, other), lambda x, y: x.mean() - y.mean(), alternative="greater", n_resamples=np.inf
        )
        assert permutation_test(one, other).p_value == pytest.approx(theirs.pvalue, abs=1e-12)


def test_by_hand():
    """Of the 6 partitions of 4, 3 | 2, 1 only the observed one has a sum of 7: one-sided, so 1/6 and not 2/6."""
    assert permutation_test(np.array([4.0, 3]), np.array([2.0, 1])).p_value == pytest.approx(1 / 6)
    assert permutation_test(np.array([2.0, 1]), np.array([4.0, 3])).p_value == 1
    assert permutation_test(np.array([4.0, 2]), np.array([3.0, 1])).p_value == pytest.approx(2 / 6)
    assert permutation_test(np.array([1.0, 1]), np.array([1.0, 1])).p_value == 1
    assert permutation_test(np.array([5.0]), np.array([3.0])).p_value == 0.5


def test_rounding_does_not_part_equal_sums():
    """0.1 + 0.2 and 0.3 differ in floating point."""
    assert permutation_test(np.array([0.1, 0.2]), np.array([0.3, 0.0])).p_value == pytest.approx(
        slow_p([0.1, 0.2], [0.3, 0.0])
    )


def test_more_partitions_than_could_be_listed():
    values = np.arange(40.0)
    found = permutation_test(values[20:], values[:20])
    assert (found.partitions, found.exact) == (comb(40, 20), True)
    assert found.p_value == 1 / comb(40, 20)
    assert [len(sums) for sums in sums_by_size(values[:6])] == [1, 6, 15, 20, 15, 6, 1]
    assert count_at_least(values, 20, -np.inf) == comb(40, 20)
    assert count_at_least(values, 0, 0.0) == 1
    assert count_at_least(values, 40, 0.0) == 1


def test_a_sample_is_near_the_truth_seeded_and_never_zero():
    random = np.random.default_rng(1)
    first, second = random.normal(0.5, size=8), random.normal(size=8)
    exact = permutation_test(first, second).p_value
    sample = permutation_test(first, second, exact=False, samples=40_000)
    assert (sample.partitions, sample.exact) == (40_000, False)
    assert sample.p_value == pytest.approx(exact, abs=5 * (exact / 40_000) ** 0.5)
    assert sample == permutation_test(first, second, exact=False, samples=40_000)
    assert sample != permutation_test(first, second, exact=False, samples=40_000, seed=1)
    far = permutation_test(np.arange(30.0) + 100, np.arange(30.0), samples=999)
    assert (far.p_value, far.exact) == (1 / 1000, False)


def test_bad_input():
    with pytest.raises(ValueError, match="one value at least"):
        permutation_test(np.array([]), np.array([1.0]))
    with pytest.raises(ValueError, match="finite values; got NaN"):
        permutation_test(np.array([np.nan]), np.array([1.0]))
    with pytest.raises(ValueError, match="at most 52 values; got 60"):
        permutation_test(np.ones(30), np.ones(30), exact=True)
    with pytest.raises(ValueError, match="samples 0"):
        permutation_test(np.ones(3), np.ones(3), samples=0)
