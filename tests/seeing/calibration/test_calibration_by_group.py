"""Calibration by group: each group as if fitted alone, intersections, groups that were not fitted."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch

from seeing.calibration import fit_by_group, fit_histogram, fit_isotonic, fit_platt, fit_temperature
from seeing.metrics import ece

FITS = pytest.mark.parametrize("fit", [fit_temperature, fit_platt, fit_isotonic, partial(fit_histogram, bins=3)])


def people(seed: int, rows: int = 300):
    """Scores in [0, 1] that mean something else in each of three groups."""
    generator = np.random.default_rng(seed)
    groups = generator.choice(["a", "b", "c"], rows)
    scores = generator.random(rows)
    power = np.select([groups == "a", groups == "b"], [0.5, 1], 3)
    return scores, (generator.random(rows) < scores**power).astype(int), groups


@FITS
@pytest.mark.parametrize("seed", range(3))
def test_each_group_is_as_if_fitted_alone(fit, seed):
    scores, labels, groups = people(seed)
    weights = np.random.default_rng(seed + 100).integers(0, 3, 300)
    together = fit_by_group(fit, scores, labels, sensitive_features=groups, sample_weight=weights)
    got = together(scores, sensitive_features=groups)
    for group in "abc":
        mine = groups == group
        alone = fit(scores[mine], labels[mine], sample_weight=weights[mine])
        assert torch.equal(got[torch.from_numpy(mine)], alone(scores[mine]))


def test_rows_of_several_classes():
    logits = torch.randn(60, 4, generator=torch.Generator().manual_seed(0))
    labels, groups = logits.roll(1, 0).argmax(1), torch.arange(60) % 2
    fitted = fit_by_group(fit_temperature, logits, labels, sensitive_features=groups)
    assert fitted.calibrators == {g: fit_temperature(logits[g::2], labels[g::2]) for g in (0, 1)}
    assert fitted(logits, sensitive_features=groups).sum(1).tolist() == pytest.approx([1] * 60)


def test_it_calibrates_within_groups():
    scores, labels, groups = people(4, 3000)
    fitted = fit_by_group(fit_isotonic, scores, labels, sensitive_features=groups)
    new, outcomes, whose = people(5, 3000)
    got = fitted(new, sensitive_features=whose)
    pooled = fit_isotonic(scores, labels)(new)
    for group in "ac":
        mine = torch.from_numpy(whose == group)
        assert ece(got[mine], torch.from_numpy(outcomes)[mine]) < ece(pooled[mine], torch.from_numpy(outcomes)[mine])


def test_intersections_in_every_form():
    scores, labels, groups = people(1)
    other = np.arange(300) % 2
    table = pd.DataFrame({"one": groups, "two": other})
    wanted = fit_by_group(fit_platt, scores, labels, sensitive_features=table)
    assert set(wanted.calibrators) == {(g, k) for g in "abc" for k in (0, 1)}
    as_dict = fit_by_group(fit_platt, scores, labels, sensitive_features={"one": list(groups), "two": other})
    assert as_dict.calibrators == wanted.calibrators
    columns = np.stack([groups.astype(object), other.astype(object)], 1)
    assert fit_by_group(fit_platt, scores, labels, sensitive_features=columns).calibrators == wanted.calibrators
    series = fit_by_group(fit_platt, pd.Series(scores), pd.Series(labels), sensitive_features=table["one"])
    assert list(series.calibrators) == list(dict.fromkeys(groups))
    flags = fit_by_group(fit_platt, scores, labels, sensitive_features=torch.from_numpy(other == 1))
    assert set(flags.calibrators) == {True, False}


def test_a_group_that_was_not_fitted():
    scores, labels, groups = people(2)
    fitted = fit_by_group(fit_platt, scores, labels, sensitive_features=groups)
    with pytest.raises(ValueError, match=r"group 'd' was not fitted; known are .*'a'.*: give a fallback"):
        fitted([0.5, 0.5], sensitive_features=["a", "d"])
    everyone = fit_platt(scores, labels)
    fitted = fit_by_group(fit_platt, scores, labels, sensitive_features=groups, fallback=everyone)
    got = fitted([0.5, 0.5], sensitive_features=["d", "a"])
    assert got.tolist() == pytest.approx([float(everyone([0.5])), float(fitted.calibrators["a"]([0.5]))])
    assert fitted([], sensitive_features=[]).shape == (0,)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["a", "a", "b"], "group 'b': labels must hold both classes, 0 and 1; got only 1"),
        (["a", "a"], r"one row a score, N = 3; got a column of shape \(2,\)"),
        (["a", "a", None], "must not be missing; got None"),
        ([1.0, 1.0, float("nan")], "must not be missing; got nan"),
        ({}, "N = 3; got no column"),
    ],
)
def test_bad_groups_are_refused(groups, message):
    with pytest.raises(ValueError, match=message):
        fit_by_group(fit_platt, [0.1, 0.2, 0.3], [0, 1, 1], sensitive_features=groups)
