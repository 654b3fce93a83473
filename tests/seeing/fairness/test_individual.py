"""Individual fairness against slow loops, scikit-learn, and cases worked by hand."""

import math

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from seeing.fairness import individual
from seeing.fairness.individual import consistency, lipschitz_violations


def slow_consistency(rows, outcomes, k):
    gaps = []
    for i, row in enumerate(rows):
        others = sorted((j for j in range(len(rows)) if j != i), key=lambda j: (math.dist(row, rows[j]), j))[:k]
        gaps.append(abs(outcomes[i] - sum(outcomes[j] for j in others) / k))
    return 1 - sum(gaps) / len(gaps)


def slow_violations(rows, outcomes, constant):
    found, by_row, worst = 0, [0] * len(rows), 0.0
    for i in range(len(rows)):
        for j in range(i):
            apart, change = math.dist(rows[i], rows[j]), abs(outcomes[i] - outcomes[j])
            if change > constant * apart + 1e-9:
                found, by_row[i], by_row[j] = found + 1, by_row[i] + 1, by_row[j] + 1
            if change > 1e-9:
                worst = max(worst, change / apart if apart else math.inf)
    return found, by_row, worst


@pytest.fixture(params=[7, 1 << 22], ids=["many chunks", "one chunk"])
def chunk(request, monkeypatch):
    monkeypatch.setattr(individual, "CHUNK", request.param)


@pytest.mark.parametrize("seed", range(12))
def test_equal_the_slow_loops(chunk, seed):
    random = np.random.default_rng(seed)
    count = int(random.integers(2, 25))
    # Whole numbers make many equal distances and equal rows, on purpose.
    rows = random.integers(0, 3, (count, 2)) * 1.0 if seed % 2 else random.normal(size=(count, 3))
    outcomes = random.integers(0, 2, count) if seed % 3 else random.random(count)
    for k in {1, min(3, count - 1), count - 1}:
        assert consistency(rows, outcomes, neighbours=k) == pytest.approx(slow_consistency(rows, outcomes, k))
    for constant in (0, 0.3, 1):
        found = lipschitz_violations(rows, outcomes, constant=constant)
        violations, by_row, worst = slow_violations(rows, outcomes, constant)
        assert (found.violations, found.by_row.tolist()) == (violations, by_row)
        assert found.worst_ratio == pytest.approx(worst)
        assert found.pairs == count * (count - 1) // 2
        assert found.share == violations / found.pairs


def test_equal_scikit_learn_on_many_rows():
    random = np.random.default_rng(0)
    rows, outcomes = random.normal(size=(3000, 6)), random.random(3000)
    # Without an argument, kneighbors leaves each row itself out.
    around = NearestNeighbors(n_neighbors=4).fit(rows).kneighbors(return_distance=False)
    wanted = 1 - np.abs(outcomes - outcomes[around].mean(1)).mean()
    assert consistency(rows, outcomes, neighbours=4) == pytest.approx(wanted, abs=1e-12)


def test_no_row_is_its_own_neighbour():
    """Each row's one neighbour has the other outcome: 0. With itself as neighbour it would look perfect."""
    rows = [[0.0], [0.1], [5.0], [5.1]]
    assert consistency(rows, [0, 1, 0, 1], neighbours=1) == 0
    assert consistency(rows, [0, 0, 1, 1], neighbours=1) == 1
    # An equal row is a neighbour, the nearest there is.
    assert consistency([[0.0], [0.0], [5.0], [5.0]], [0, 1, 1, 1], neighbours=1) == 0.5


def test_of_equally_near_rows_the_first_count():
    assert consistency([[0.0], [1.0], [-1.0]], [1, 1, 0], neighbours=1) == pytest.approx(1 - (0 + 0 + 1) / 3)
    assert consistency([[0.0], [1.0], [-1.0]], [1, 0, 1], neighbours=1) == pytest.approx(1 - (1 + 1 + 0) / 3)


def test_violations_by_hand():
    """Predictions 0, .5, .5 at 0, .25, 1: only the first two are nearer than their predictions are."""
    found = lipschitz_violations([[0.0], [0.25], [1.0]], [0, 0.5, 0.5])
    assert (found.pairs, found.violations, found.by_row.tolist()) == (3, 1, [1, 1, 0])
    assert (found.worst_ratio, found.worst_pair, found.share) == (2, (0, 1), 1 / 3)
    assert lipschitz_violations([[0.0], [0.25], [1.0]], [0, 0.5, 0.5], constant=2).violations == 0


def test_at_the_limit_is_no_violation():
    """.8 - .7 is a little over .1 in floating point."""
    assert lipschitz_violations([[0.0], [0.1]], [0.7, 0.8]).violations == 0
    assert lipschitz_violations([[0.0], [0.1]], [0.7, 0.8001]).violations == 1


def test_equal_rows_with_different_predictions():
    found = lipschitz_violations([[1.0], [1.0], [1.0]], [0, 0, 1], constant=1e9)
    assert (found.violations, found.worst_ratio, found.worst_pair) == (2, math.inf, (0, 2))
    assert lipschitz_violations([[1.0], [1.0]], [1, 1]).worst_ratio == 0


def test_distributions_and_a_distance_of_ones_own():
    """The total variation of (.5, .5, 0) and (0, .5, .5) is .5."""
    table = [[0.5, 0.5, 0], [0, 0.5, 0.5]]
    assert lipschitz_violations([[0.0], [0.5]], table).violations == 0
    assert lipschitz_violations([[0.0], [0.49]], table).violations == 1
    blocks = lambda a, b: (a[:, None] - b).abs().sum(-1)  # noqa: E731
    rows = np.random.default_rng(0).normal(size=(9, 3))
    outcomes = np.random.default_rng(1).random(9)
    slow = [[sum(abs(a - b)) for b in rows] for a in rows]
    wanted = sum(abs(outcomes[i] - outcomes[j]) > slow[i][j] for i in range(9) for j in range(i))
    assert lipschitz_violations(rows, outcomes, distance=blocks).violations == wanted
    nearest = [min((j for j in range(9) if j != i), key=lambda j: slow[i][j]) for i in range(9)]
    assert consistency(rows, outcomes, neighbours=1, distance=blocks) == pytest.approx(
        1 - np.abs(outcomes - outcomes[nearest]).mean()
    )


def test_a_distance_that_gives_its_own_table_is_not_written_to():
    table = torch.rand(4, 4, dtype=torch.float64)
    before = table.clone()
    consistency(torch.rand(4, 2), [0, 1, 0, 1], neighbours=1, distance=lambda a, b: table)
    assert torch.equal(table, before)


def test_none_and_one():
    for count in (0, 1):
        found = lipschitz_violations(np.zeros((count, 2)), np.zeros(count))
        assert (found.pairs, found.violations, found.worst_ratio, found.worst_pair) == (0, 0, 0, None)
        assert math.isnan(found.share)
        with pytest.raises(ValueError, match=f"from 1 to N - 1.*got 1 with N = {count}"):
            consistency(np.zeros((count, 2)), np.zeros(count), neighbours=1)


def test_tensors():
    rows, outcomes = torch.randn(6, 2), torch.rand(6)
    found = lipschitz_violations(rows, outcomes)
    assert isinstance(found.by_row, torch.Tensor)
    assert found.violations == lipschitz_violations(rows.numpy(), outcomes.numpy()).violations
    assert consistency(rows, outcomes > 0.5, neighbours=2) == consistency(
        rows.tolist(), (outcomes > 0.5).tolist(), neighbours=2
    )


@pytest.mark.parametrize("metric", [consistency, lipschitz_violations])
def test_bad_input(metric):
    rows = np.zeros((8, 2))
    for features, predictions, message in [
        (rows[:, 0], np.zeros(8), r"features must be \(N, D\)"),
        (rows * np.nan, np.zeros(8), "NaN"),
        (rows, np.zeros(7), "got lengths features 8, predictions 7"),
        (rows, np.full(8, 1.5), r"in \[0, 1\]; got 1.5"),
        (rows, np.full(8, np.nan), "got nan"),
        (rows, np.full((8, 3), 0.5), "must sum to 1; got 1.5|must be"),
        (rows, np.zeros((8, 1, 1)), "predictions must be"),
    ]:
        with pytest.raises(ValueError, match=message):
            metric(features, predictions)
    for distance, message in [
        (lambda a, b: torch.zeros(1), "numbers; got"),
        (lambda a, b: torch.full((len(a), len(b)), -1.0), "at least 0; got -1"),
    ]:
        with pytest.raises(ValueError, match=message):
            metric(rows, np.zeros(8), distance=distance)
    with pytest.raises(ValueError, match="constant and tolerance"):
        lipschitz_violations(rows, np.zeros(8), constant=-1)
    with pytest.raises(ValueError, match=r"must be \(N,\)"):
        consistency(rows, np.full((8, 2), 0.5))
