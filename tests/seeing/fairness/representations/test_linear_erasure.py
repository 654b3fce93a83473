"""Linear erasure: no covariance left, the least change, and bad input."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from seeing.fairness import LinearEraser, fit_linear_eraser


def a_table(seed, count=200, columns=4):
    random = np.random.default_rng(seed)
    attribute = random.integers(0, 2, count)
    rows = random.normal(size=(count, columns)) @ random.normal(size=(columns, columns))
    return rows + np.outer(attribute, random.normal(size=columns)), attribute


def covariance(rows, attribute):
    return (rows - rows.mean(0)).T @ (attribute - attribute.mean()) / len(rows)


@pytest.mark.parametrize("seed", range(10))
def test_no_covariance_is_left(seed):
    rows, attribute = a_table(seed)
    erase = fit_linear_eraser(rows, sensitive_features=attribute)
    erased = erase(rows)
    assert np.abs(covariance(erased, attribute)).max() < 1e-12
    assert erased.mean(0) == pytest.approx(rows.mean(0))
    assert erase(erased) == pytest.approx(erased)
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(erased, attribute)
    assert model.predict_proba(erased)[:, 1] == pytest.approx(np.full(len(rows), attribute.mean()), abs=1e-5)


def test_by_hand():
    """Columns without covariance of variance 1 and 4; c = (1/2, 1), so weights S^-1 c = (1/2, 1/4) over 1/2."""
    rows = np.array([[-1.0, -2], [1, -2], [-1, 2], [1, 2]])
    erase = fit_linear_eraser(rows[:, :1], sensitive_features=[0, 1, 0, 1])
    assert erase(rows[:, :1]) == pytest.approx(np.zeros((4, 1)))
    erase = fit_linear_eraser(rows, sensitive_features=[0, 0, 0, 1])
    assert (erase.shared, erase.weights) == (pytest.approx([0.25, 0.5]), pytest.approx([2.0, 1.0]))
    assert erase([[1.0, 2.0]]) == pytest.approx(np.array([[0.0, 0.0]]))


def test_the_least_change():
    """Any other affine map that leaves no covariance moves the rows further, in the whitened distance."""
    rows, attribute = a_table(3)
    found = fit_linear_eraser(rows, sensitive_features=attribute)
    whiten = np.linalg.inv(np.cov(rows.T, bias=True))

    def moved(other):
        change = rows - other
        return np.einsum("nd,de,ne->", change, whiten, change)

    random = np.random.default_rng(0)
    for _ in range(20):
        weights = found.weights + random.normal(size=4)
        weights /= weights @ found.shared
        other = LinearEraser(found.mean, found.shared, weights)(rows)
        assert np.abs(covariance(other, attribute)).max() < 1e-10
        assert moved(other) >= moved(found(rows)) - 1e-9


def test_nothing_to_erase_changes_nothing():
    rows = np.array([[1.0, 3], [2, 5], [1, 3], [2, 5]])
    assert fit_linear_eraser(rows, sensitive_features=[0, 0, 1, 1])(rows) == pytest.approx(rows)
    constant = np.ones((4, 2))
    assert fit_linear_eraser(constant, sensitive_features=[0, 1, 0, 1])(constant) == pytest.approx(constant)


def test_columns_that_depend_on_each_other():
    rows, attribute = a_table(5)
    rows = np.column_stack([rows, rows[:, 0] + rows[:, 1], np.ones(len(rows))])
    erased = fit_linear_eraser(rows, sensitive_features=attribute)(rows)
    assert np.abs(covariance(erased, attribute)).max() < 1e-10
    assert erased[:, 4] == pytest.approx(erased[:, 0] + erased[:, 1])


def test_tensors_bools_and_no_rows():
    rows, attribute = a_table(1)
    erase = fit_linear_eraser(torch.from_numpy(rows), sensitive_features=torch.from_numpy(attribute) == 1)
    assert erase(rows) == pytest.approx(fit_linear_eraser(rows, sensitive_features=attribute)(rows))
    assert erase(np.empty((0, 4))).shape == (0, 4)


@pytest.mark.parametrize(
    ("rows", "attribute", "message"),
    [
        (np.ones(3), [0, 1, 1], r"rows must be \(N, D\).*got shape \(3,\)"),
        (np.ones((3, 0)), [0, 1, 1], "at least one column"),
        (np.ones((3, 1)), [0, 1], "lengths"),
        (np.ones((3, 1)), [1, 1, 1], "both 0 and 1 must occur.*only 1"),
        (np.ones((3, 1)), ["a", "b", "a"], "must hold 0 and 1"),
        (np.full((3, 1), np.nan), [0, 1, 1], "rows must be finite"),
    ],
)
def test_bad_input(rows, attribute, message):
    with pytest.raises(ValueError, match=message):
        fit_linear_eraser(rows, sensitive_features=attribute)


def test_other_columns_are_refused():
    erase = fit_linear_eraser([[0.0], [1.0]], sensitive_features=[0, 1])
    with pytest.raises(ValueError, match="the 1 columns of the fit; got 2"):
        erase(np.ones((2, 2)))
