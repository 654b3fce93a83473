"""Bayes actions: the surgeon's matrix by hand, slow loops, Chow's rule at its boundary, and bad input."""

import math

import numpy as np
import pytest
import torch

from seeing.fairness.decisions import (
    REJECT,
    equal_costs,
    expected_risk,
    indifference_threshold,
    optimal_action,
    reject_option,
)

SURGERY = [[100, 20, 10], [0, 50, 50]]
"""Rows: surgery, no surgery. Columns: no cancer, lung cancer, breast cancer."""


def forecasts(seed: int, rows: int, classes: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(classes), rows)


def test_the_surgeon_by_hand():
    probabilities = np.array([[0.2, 0.5, 0.3], [0.9, 0.05, 0.05], [1, 0, 0], [0, 1, 0]])
    np.testing.assert_allclose(expected_risk(probabilities, SURGERY), [[33, 40], [91.5, 5], [100, 0], [20, 50]])
    assert optimal_action(probabilities, SURGERY).tolist() == [0, 1, 1, 0]


def test_surgery_if_and_only_if_the_inequality_says_so():
    probabilities = forecasts(0, 3000, 3)
    none, lung, breast = probabilities.T
    operate = 100 * none + 20 * lung + 10 * breast < 50 * (lung + breast)
    assert 0.05 < operate.mean() < 0.95
    np.testing.assert_array_equal(optimal_action(probabilities, SURGERY) == 0, operate)


@pytest.mark.parametrize(("cancer", "printed", "exact"), [(1, 0.7692, 100 / 130), (2, 0.7143, 100 / 140)])
def test_the_surgeons_thresholds(cancer, printed, exact):
    found = indifference_threshold(SURGERY, positive=cancer)
    assert found == pytest.approx(exact, abs=1e-15)
    assert round(found, 4) == printed
    for step, action in ((-1e-9, 1), (1e-9, 0)):
        row = np.zeros((1, 3))
        row[0, cancer] = found + step
        row[0, 0] = 1 - row[0, cancer]
        assert optimal_action(row, SURGERY) == action
    assert indifference_threshold(SURGERY[::-1], positive=cancer) == pytest.approx(exact)
    assert indifference_threshold(SURGERY, positive=0, negative=cancer) == pytest.approx(1 - exact)


def test_binary_costs_give_elkans_threshold():
    assert indifference_threshold([[0, 0.82], [0.18, 0]], positive=0, negative=1) == pytest.approx(0.82)
    assert indifference_threshold([[0, 1], [1, 0]]) == 0.5
    assert indifference_threshold([[0, 5], [0, 3]], positive=0, negative=1) == 1
    assert indifference_threshold([[0, 5], [0, 3]], positive=1, negative=0) == 0


@pytest.mark.parametrize("classes", [1, 2, 3, 7])
def test_equal_costs_give_the_likeliest_class(classes):
    probabilities = forecasts(classes, 500, classes)
    np.testing.assert_array_equal(optimal_action(probabilities, equal_costs(classes)), probabilities.argmax(1))
    if classes > 1:
        unequal = equal_costs(classes)
        unequal[0, 1:] = 9
        assert (optimal_action(probabilities, unequal) != probabilities.argmax(1)).any()


def test_equals_a_slow_loop_and_a_square_matrix_is_not_transposed():
    probabilities = forecasts(1, 40, 4)
    loss = np.random.default_rng(2).normal(size=(4, 4))
    slow = [[sum(loss[a, k] * row[k] for k in range(4)) for a in range(4)] for row in probabilities]
    np.testing.assert_allclose(expected_risk(probabilities, loss), slow, rtol=1e-13)
    assert expected_risk([[1, 0]], [[0, 7], [3, 0]]).tolist() == [[0, 3]]


def test_the_first_of_equal_actions():
    assert optimal_action([[0.5, 0.5]] * 3, equal_costs(2)).tolist() == [0, 0, 0]
    assert optimal_action([[0.25, 0.75]], [[3, 3], [2, 2], [2, 2]]).tolist() == [1]


def test_reject_option_at_its_boundary():
    probabilities = [[0.75, 0.25], [0.7, 0.3], [0.5, 0.5], [0, 1]]
    assert reject_option(probabilities, equal_costs(2), 0.25).tolist() == [0, REJECT, REJECT, 1]
    assert reject_option(probabilities, equal_costs(2), 0.5).tolist() == [0, 0, 0, 1]
    assert reject_option(probabilities, equal_costs(2), -1).tolist() == [REJECT] * 4


def test_types_and_no_rows():
    probabilities = torch.tensor([[0.2, 0.5, 0.3]], requires_grad=True)
    risk = expected_risk(probabilities, torch.tensor(SURGERY))
    assert (risk.dtype, optimal_action(probabilities, SURGERY).dtype) == (torch.float64, torch.int64)
    assert isinstance(optimal_action(probabilities.detach().numpy(), SURGERY), np.ndarray)
    assert expected_risk(np.zeros((0, 3)), SURGERY).shape == (0, 2)
    assert reject_option(torch.zeros(0, 3), SURGERY, 1).shape == (0,)
    assert optimal_action(torch.softmax(torch.zeros(1, 3), 1).to(torch.bfloat16), SURGERY).tolist() == [1]


@pytest.mark.parametrize(
    ("probabilities", "loss", "message"),
    [
        ([[0.2, 0.8]], SURGERY, r"is it transposed\?\); got \(1, 2\) and \(2, 3\)"),
        ([[0.2, 0.5, 0.3]], np.transpose(SURGERY), "is it transposed"),
        ([0.2, 0.5, 0.3], SURGERY, "same classes"),
        ([[1.2, -0.2]], [[0, 1]], r"\[0, 1\]; got 1.2"),
        ([["a", "b"]], [[0, 1]], "must be numbers"),
        ([[math.nan, 0]], [[0, 1]], "got nan"),
        ([[0.25, 0.5]], [[0, 1]], "sum to 1; got 0.75"),
        ([[0.2, 0.8]], [[0, math.nan]], "finite"),
        ([[0.2, 0.8]], [0, 1], "matrix"),
    ],
)
def test_bad_input(probabilities, loss, message):
    with pytest.raises(ValueError, match=message):
        expected_risk(probabilities, loss)


def test_bad_options():
    with pytest.raises(ValueError, match="finite number; got nan"):
        reject_option([[1.0]], [[0]], math.nan)
    with pytest.raises(ValueError, match="at least 1; got 0"):
        equal_costs(0)
    with pytest.raises(ValueError, match=r"\(2, K\); got \(3, 3\)"):
        indifference_threshold(equal_costs(3))
    with pytest.raises(ValueError, match=r"columns 0\.\.2; got 3 and 0"):
        indifference_threshold(SURGERY, positive=3)
    for loss in ([[1, 2], [3, 4]], [[1, 2], [1, 2]], [[2, 3], [1, 2]]):
        with pytest.raises(ValueError, match="better one for one of the two classes"):
            indifference_threshold(loss)
