"""Numbers from a seed and a place: against the published generator in plain Python, and by their statistics."""

import pytest
import torch

from seeing.data.world.draws import Draws

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15


def splitmix64(state: int) -> int:
    """One output of the published generator, whose state was just advanced."""
    z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_equals_the_generator_in_plain_python(seed):
    rows = [0, 1, 7, 123456789, 2**62]
    got = Draws(seed, torch.tensor(rows)).uniform(6)
    for row, numbers in zip(rows, got.tolist(), strict=True):
        start = splitmix64((seed + GOLDEN) & MASK)
        stream = splitmix64((start + (row + 1) * GOLDEN) & MASK)
        wanted = [(splitmix64((stream + (i + 1) * GOLDEN) & MASK) >> 11) / 2**53 for i in range(6)]
        assert numbers == wanted


def test_a_row_is_the_same_whoever_asks():
    many = Draws(5, torch.arange(1000)).uniform(300)
    alone = Draws(5, torch.tensor([777]))
    parts = [alone.uniform(), alone.uniform(2, 3), alone.uniform(0), alone.uniform(293)]
    assert [tuple(part.shape) for part in parts] == [(1,), (1, 2, 3), (1, 0), (1, 293)]
    assert torch.equal(torch.cat([part.reshape(-1) for part in parts]), many[777])


def test_numbers_are_uniform_and_unrelated():
    count = 4000
    rows = torch.arange(count)
    u = Draws(0, rows).uniform(50)
    assert u.min() >= 0
    assert u.max() < 1
    bins = torch.histc(u, 100, 0, 1)
    expected = u.numel() / 100
    chi2 = ((bins - expected) ** 2 / expected).sum()
    assert chi2 < 150, "99 degrees of freedom: a value over 150 has a chance of 1 in 1,500"
    others = torch.cat([u, Draws(1, rows).uniform(50), Draws(0, rows + 1).uniform(50)], 1)
    related = torch.corrcoef(others.T).fill_diagonal_(0).abs().max()
    assert related < 5 / count**0.5


def test_integers_and_signs_reach_both_ends_equally_often():
    draws = Draws(0, torch.arange(3000))
    counts = torch.bincount(draws.integers(2, 5, 4).flatten(), minlength=7)
    assert counts[:2].sum() == counts[6:].sum() == 0
    assert (counts[2:6] - 3000).abs().max() < 200
    signs = draws.sign(4)
    assert set(signs.unique().tolist()) == {-1.0, 1.0}
    assert signs.mean().abs() < 0.05
    assert draws.integers(3, 3, 2).unique().tolist() == [3]


def test_no_rows():
    assert Draws(0, torch.arange(0)).uniform(3, 2).shape == (0, 3, 2)
