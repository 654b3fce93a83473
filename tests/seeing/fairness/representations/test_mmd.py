"""The discrepancy against slow loops, finite differences, cases by hand, and samples whose answer is known."""

import math
from itertools import combinations
from statistics import median

import pytest
import torch

from seeing.fairness.representations.mmd import gaussian_kernel, median_bandwidth, mmd_p_value, mmd_squared


def points(count, width=3, seed=0, shift=0.0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, width, generator=generator, dtype=torch.float64) + shift


def kernel_loop(a, b, bandwidth):
    return math.exp(-sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) / (2 * bandwidth**2))


def mmd_loop(x, y, bandwidth, unbiased):
    def mean(a, b, same):
        values = [
            kernel_loop(p, q, bandwidth)
            for i, p in enumerate(a)
            for j, q in enumerate(b)
            if not (same and unbiased and i == j)
        ]
        return sum(values) / len(values)

    return mean(x, x, True) + mean(y, y, True) - 2 * mean(x, y, False)


@pytest.mark.parametrize("unbiased", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_equals_a_loop_over_all_pairs(seed, unbiased):
    x, y = points(2 + seed, seed=seed), points(11 - seed, seed=seed + 50, shift=0.5)
    for bandwidth in (0.3, 1.0, 4.0):
        found = mmd_squared(x, y, bandwidth, unbiased=unbiased)
        assert float(found) == pytest.approx(mmd_loop(x.tolist(), y.tolist(), bandwidth, unbiased), abs=1e-13)


def test_a_case_by_hand():
    """Points 0, 1 and 0, 2 with 2 bandwidth^2 = 1: kernels exp(-1) within x, exp(-4) within y."""
    x, y = torch.tensor([[0.0], [1.0]], dtype=torch.float64), torch.tensor([[0.0], [2.0]], dtype=torch.float64)
    e = math.exp
    across = (1 + e(-4) + e(-1) + e(-1)) / 4
    bandwidth = 0.5**0.5
    biased = (2 + 2 * e(-1)) / 4 + (2 + 2 * e(-4)) / 4 - 2 * across
    assert float(mmd_squared(x, y, bandwidth)) == pytest.approx(biased, abs=1e-15)
    assert float(mmd_squared(x, y, bandwidth, unbiased=True)) == pytest.approx(e(-1) + e(-4) - 2 * across, abs=1e-15)


def test_one_distribution_gives_0_on_average_only_without_bias():
    unbiased, biased = [], []
    for seed in range(300):
        x, y = points(20, seed=2 * seed), points(20, seed=2 * seed + 1)
        unbiased.append(float(mmd_squared(x, y, 1.0, unbiased=True)))
        biased.append(float(mmd_squared(x, y, 1.0)))
    assert abs(sum(unbiased) / 300) < 0.004
    assert min(unbiased) < 0
    # The pairs of a point with itself: 1 rather than E k = (1 + 2)^(-3/2), in a share 1/20 of each sample.
    assert sum(biased) / 300 == pytest.approx(2 / 20 * (1 - 3**-1.5), abs=0.004)
    assert min(biased) > 0


def test_a_shift_of_normals_gives_the_closed_form():
    """E k for normals one apart in one coordinate: N(0, 2 + bandwidth^2) at the difference, scaled."""
    x, y = points(1000, 1, 0), points(1000, 1, 1, shift=1.0)
    same, across = 3**-0.5, 3**-0.5 * math.exp(-1 / 6)
    assert float(mmd_squared(x, y, 1.0, unbiased=True)) == pytest.approx(2 * same - 2 * across, abs=0.03)


def test_the_bandwidth_is_the_median_of_the_pooled_sample():
    for seed in range(10):
        x, y = points(3 + seed % 4, seed=seed), points(5, seed=seed + 30, shift=10.0)
        pooled = torch.cat([x, y]).tolist()
        wanted = median(math.dist(a, b) for a, b in combinations(pooled, 2))
        assert float(median_bandwidth(x, y)) == pytest.approx(wanted, abs=1e-12)
        assert float(mmd_squared(x, y)) == pytest.approx(mmd_loop(x.tolist(), y.tolist(), wanted, False), abs=1e-13)
    # Across only, the median is 10; within only, 1.
    assert float(median_bandwidth(torch.tensor([[0.0], [1.0]]), torch.tensor([[10.0], [11.0]]))) == 9.5 + 0.0


def test_the_bandwidth_of_many_equal_points():
    zeros = torch.zeros(9, 2)
    assert median_bandwidth(zeros, zeros) == 1
    assert median_bandwidth(zeros, torch.tensor([[3.0, 4.0]])) == 5
    assert mmd_squared(zeros, zeros) == 0
    assert median_bandwidth(zeros[:1], zeros[:1]) == 1


def test_gradients_of_both_samples():
    x, y = points(3, 2).requires_grad_(), points(4, 2, seed=1, shift=0.3).requires_grad_()
    for unbiased in (False, True):
        assert torch.autograd.gradcheck(lambda a, b, u=unbiased: mmd_squared(a, b, 0.8, unbiased=u), (x, y))
        assert torch.autograd.gradgradcheck(lambda a, b, u=unbiased: mmd_squared(a, b, 0.8, unbiased=u), (x, y))
    fixed = float(median_bandwidth(x, y))
    (heuristic,) = torch.autograd.grad(mmd_squared(x, y), x)
    (constant,) = torch.autograd.grad(mmd_squared(x, y, fixed), x)
    torch.testing.assert_close(heuristic, constant)


def test_descent_moves_the_samples_together():
    x, y = points(30).requires_grad_(), points(30, seed=1, shift=1.0)
    start = mmd_squared(x, y, 2.0).item()
    for _ in range(100):
        (gradient,) = torch.autograd.grad(mmd_squared(x, y, 2.0), x)
        x = (x - 30 * gradient).detach().requires_grad_()
    assert mmd_squared(x, y, 2.0).item() < start / 20
    assert (x.mean(0) - y.mean(0)).norm().item() < 0.2


def test_the_origin_does_not_matter():
    x, y = points(20).float(), points(20, seed=1, shift=0.5).float()
    far = torch.tensor([1000.0, -500.0, 2000.0])
    assert float(mmd_squared(x + far, y + far, 1.0)) == pytest.approx(float(mmd_squared(x, y, 1.0)), abs=1e-4)
    kernel = gaussian_kernel(x, x, 1.0)
    torch.testing.assert_close(kernel.diagonal(), torch.ones(20))
    assert kernel.max() <= 1


def test_the_type_is_kept_and_half_widened():
    x = points(4)
    assert mmd_squared(x, x, 1.0).dtype == torch.float64
    assert mmd_squared(x.half(), x.half()).dtype == torch.float32
    assert mmd_squared(x[:1], x[:1], 1.0) == 0


def test_p_values():
    assert mmd_p_value(points(40), points(40, seed=1, shift=1.0), permutations=99) == 0.01
    values = [mmd_p_value(points(10, seed=s), points(10, seed=s + 100), permutations=39, seed=s) for s in range(40)]
    assert 0.3 < sum(values) / 40 < 0.7
    assert mmd_p_value(points(1), points(1), 1.0, permutations=9) == 1  # every split is the same two sets
    again = [mmd_p_value(points(9), points(9, seed=1, shift=0.4), seed=3) for _ in range(2)]
    assert again[0] == again[1]


def test_bad_input_is_refused_with_what_came():
    x = points(3)
    for y, text in (
        (x[0], r"y must be floating point, \(N, D\)"),
        (x.long(), "torch.int64"),
        (x[:0], r"\(0, 3\)"),
        (x[:, :2], "3 torch.float64 cpu and 2"),
        (x.float(), "torch.float32"),
        (x * math.nan, "y must hold finite numbers"),
    ):
        with pytest.raises(ValueError, match=text):
            mmd_squared(x, y)
    with pytest.raises(ValueError, match="two points of each sample; got 3 and 1"):
        mmd_squared(x, x[:1], unbiased=True)
    for bandwidth in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="bandwidth must be one finite number above 0"):
            mmd_squared(x, x, bandwidth)
    with pytest.raises(ValueError, match="permutations must be at least 1; got 0"):
        mmd_p_value(x, x, permutations=0)
