"""FICO's tables as histograms: the people add up, and the rates are those of the tables."""

import numpy as np

from seeing.data import Fico, load_fico
from seeing.fairness import credit_counts


def test_by_hand():
    table = np.array([[0.25, 0.5], [0.75, 0.5], [1, 1]])
    default = np.array([[1, 0.5], [0.5, 0], [0, 0.1]])
    fico = Fico(("a", "b"), np.array([0.0, 50, 100]), table, default, np.array([8, 20]))
    counts = credit_counts(fico)
    assert list(counts) == ["a", "b"]
    assert counts["a"].negatives.tolist() == [2, 2, 0]
    assert counts["a"].positives.tolist() == [0, 2, 2]
    np.testing.assert_allclose(counts["b"].negatives, [5, 0, 1])
    np.testing.assert_allclose(counts["b"].positives, [5, 0, 9])


def test_people_add_up(real_data):
    fico = load_fico(real_data, download=False)
    counts = credit_counts(fico)
    np.testing.assert_allclose([spread.size for spread in counts.values()], fico.totals)
    for column, spread in enumerate(counts.values()):
        people = spread.negatives + spread.positives
        np.testing.assert_allclose(spread.negatives, people * fico.default_rate[:, column], atol=1e-9)
