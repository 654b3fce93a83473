"""Calibration within groups against the metric on each group alone, and outcomes by score against pandas."""

import numpy as np
import pandas as pd
import pytest
import torch

from seeing.fairness.groups.group_calibration import calibration_within_groups, outcomes_by_score
from seeing.metrics import ece


def forecasts(seed, rows=500):
    random = np.random.default_rng(seed)
    probability = random.random(rows)
    return (random.random(rows) < probability).astype(int), probability, random.choice(["x", "y", "z"], rows)


@pytest.mark.parametrize("binning", ["width", "mass"])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_equals_the_metric_on_each_group_alone(binning, kind):
    label, probability, group = forecasts(0)
    probability = probability.astype(kind)
    found = calibration_within_groups(label, probability, sensitive_features=group, bins=10, binning=binning)
    assert found.groups == ("x", "y", "z")
    for place, name in enumerate(found.groups):
        rows = group == name
        alone = ece(torch.tensor(probability[rows]), torch.tensor(label[rows]), 10, binning)
        assert found.error[place] == pytest.approx(float(alone), abs=1e-7)
        assert found.rows[place] == rows.sum()
        assert found.base_rate[place] == label[rows].mean()
        assert found.mean_probability[place] == pytest.approx(probability[rows].mean(), abs=1e-6)
        assert found.bins[place].counts.sum() == rows.sum()


def test_calibrated_overall_but_not_within_groups():
    """Everybody is told .5; of x all are positive, of y none."""
    found = calibration_within_groups([1, 1, 0, 0], torch.full((4,), 0.5), sensitive_features=["x", "x", "y", "y"])
    assert found.error.tolist() == [0.5, 0.5]
    assert float(ece(torch.full((4,), 0.5), torch.tensor([1, 1, 0, 0]))) == 0


def test_the_minimum_and_a_group_of_one():
    found = calibration_within_groups([1, 0, 1], [1, 0, 1], sensitive_features=[0, 0, 1], minimum_n=2)
    assert found.error[0] == 0
    assert np.isnan(found.error[1])


@pytest.mark.parametrize(
    ("label", "probability", "message"),
    [
        ([0, 1], [0.5, np.nan], "probabilities must lie in .*got nan"),
        ([0, 1], [0.5, 1.5], "probabilities must lie in .*got 1.5"),
        ([0, 2], [0.5, 0.5], "y_true must hold 0 and 1"),
        ([0, 1, 1], [0.5, 0.5], "lengths y_true 3, y_prob 2"),
    ],
)
def test_bad_forecasts_are_refused(label, probability, message):
    with pytest.raises(ValueError, match=message):
        calibration_within_groups(label, probability, sensitive_features=["x"] * len(label))


def test_outcomes_by_score_equal_pandas():
    label, _, group = forecasts(1)
    score = np.random.default_rng(1).integers(1, 11, len(label))
    weight = np.random.default_rng(2).random(len(label))
    found = outcomes_by_score(label, score, sensitive_features=group)
    table = pd.DataFrame({"g": group, "s": score, "y": label}).groupby(["g", "s"]).y.agg(["size", "sum"]).unstack()
    assert found.scores.tolist() == list(range(1, 11))
    assert found.totals.tolist() == table["size"].to_numpy().tolist()
    assert found.positives.tolist() == table["sum"].to_numpy().tolist()
    weighted = outcomes_by_score(label, score, sensitive_features=group, sample_weight=weight)
    chosen = (group == "y") & (score == 4)
    assert weighted.rates[1, 3] == pytest.approx(np.average(label[chosen], weights=weight[chosen]))


def test_a_score_that_a_group_never_has_gives_nan():
    found = outcomes_by_score([0, 1, 1], [1, 2, 2], sensitive_features=["x", "x", "y"])
    assert found.rates[0].tolist() == [0, 1]
    assert np.isnan(found.rates[1, 0])
    with pytest.raises(ValueError, match="scores must be finite numbers"):
        outcomes_by_score([0, 1], [1, np.nan], sensitive_features=[0, 0])
    with pytest.raises(ValueError, match="scores must be numbers; got <U4"):
        outcomes_by_score([0, 1], ["Low", "High"], sensitive_features=[0, 0])
