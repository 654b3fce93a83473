"""The published figures of the COMPAS case, on the real data, and the logistic fit against scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from seeing.data import load_compas
from seeing.fairness.cases.compas_model import compas_as_race, compas_design, fit_logistic
from seeing.fairness.groups.bootstrap import bootstrap_metrics
from seeing.fairness.groups.counts import GroupCounts, group_counts
from seeing.fairness.groups.group_calibration import outcomes_by_score
from seeing.fairness.groups.impossibility import identity_error
from seeing.fairness.groups.rates import group_rate

BLACK, WHITE = "African-American", "Caucasian"
needs_data = pytest.mark.usefixtures("real_data")


@pytest.fixture(scope="module")
def counts() -> GroupCounts:
    compas = load_compas(download=False)
    return group_counts(compas.two_year_recid, compas.decile_score >= 5, sensitive_features=compas.race)


@needs_data
def test_the_confusion_tables(counts):
    """ProPublica's tables; the score counts from 5, "Medium", on."""
    assert len(counts.groups) == 6
    assert counts.sizes.sum() == 7214
    two = counts.select([BLACK, WHITE])
    assert two.table.tolist() == [[[990, 805], [532, 1369]], [[1139, 349], [461, 505]]]
    fpr, fnr = (100 * group_rate(two, name) for name in ("false_positive_rate", "false_negative_rate"))
    assert fpr.round(1).tolist() == [44.8, 23.5]  # 44.9 in print: 805 / 1795 is 44.847
    assert fnr.round(1).tolist() == [28.0, 47.7]


@needs_data
def test_the_gaps_and_their_intervals(counts):
    found = bootstrap_metrics(counts.select([BLACK, WHITE]), samples=40_000, reference=WHITE)
    published = {
        "false_positive_rate": (0.2139, 0.182, 0.246),
        "false_negative_rate": (-0.1974, -0.234, -0.160),
        "positive_predictive_value": (0.0384, -0.0006, 0.0774),
    }
    for name, (gap, low, high) in published.items():
        assert found.estimate.signed_differences[name][0] == pytest.approx(gap, abs=5e-5)
        assert found.low.signed_differences[name][0] == pytest.approx(low, abs=1e-3)
        assert found.high.signed_differences[name][0] == pytest.approx(high, abs=1e-3)


@needs_data
def test_the_identity_holds_in_every_group(counts):
    assert np.abs(identity_error(counts)).max() < 1e-15


@needs_data
def test_within_a_decile_the_groups_fare_alike():
    """The other side's argument: the rates at a score are close, while the error rates are not."""
    compas = load_compas(download=False)
    chosen = compas.rows((compas.race == BLACK) | (compas.race == WHITE))
    found = outcomes_by_score(chosen.two_year_recid, chosen.decile_score, sensitive_features=chosen.race)
    assert found.totals.sum() == 3696 + 2454
    assert np.abs(found.rates[0] - found.rates[1]).max() < 0.12
    assert (found.rates[:, -1] > found.rates[:, 0] + 0.4).all()


@needs_data
def test_the_two_year_cut_off():
    """Those screened after 1 April 2014 are in the file only if they were charged again: half of an interval is cut."""
    compas = load_compas(download=False)
    early = compas.rows(compas.compas_screening_date <= np.datetime64("2014-04-01"))
    assert (len(compas), len(early)) == (7214, 6216)
    assert round(100 * compas.two_year_recid.mean(), 1) == 45.1
    assert round(100 * early.two_year_recid.mean(), 1) == 36.2


COEFFICIENTS = {
    "intercept": -1.52554,
    "Female": 0.22127,
    "Greater than 45": -1.35563,
    "Less than 25": 1.30839,
    "African-American": 0.47721,
    "Asian": -0.25441,
    "Hispanic": -0.42839,
    "Native American": 1.39421,
    "Other": -0.82635,
    "M": -0.31124,
    "priors_count": 0.26895,
    "two_year_recid": 0.68586,
}


@needs_data
def test_the_logistic_model():
    compas = load_compas(download=False, published_filter=True)
    names, design = compas_design(compas)
    outcome = compas.score_text != "Low"
    assert design.shape == (6172, 12)
    fit = fit_logistic(design, outcome)
    assert dict(zip(names, fit.coefficients.round(5).tolist(), strict=True)) == COEFFICIENTS
    theirs = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10, max_iter=10_000).fit(design, outcome)
    assert fit.coefficients == pytest.approx(theirs.coef_[0], abs=1e-4)


@needs_data
def test_what_the_model_says_of_the_same_people_as_another_race():
    """45% more for the person of the intercept, as printed; a fifth more on average over the people there are."""
    compas = load_compas(download=False, published_filter=True)
    names, design = compas_design(compas)
    fit = fit_logistic(design, compas.score_text != "Low")
    designs = [compas_as_race(names, design, race) for race in (WHITE, BLACK)]
    races = [names.index(race) for race in (BLACK, "Asian", "Hispanic", "Native American", "Other")]
    assert not designs[0][:, races].any()
    assert (designs[1][:, races] == [1, 0, 0, 0, 0]).all()
    others = np.setdiff1d(range(12), races)
    assert np.array_equal(designs[1][:, others], design[:, others])
    was_black = compas.race == BLACK
    assert np.array_equal(designs[1][was_black], design[was_black])
    white, black = (1 / (1 + np.exp(-changed @ fit.coefficients)) for changed in designs)
    person = (designs[0] == np.eye(12)[0]).all(1)
    assert np.unique((black / white)[person].round(4)) == [1.4528]
    assert black.mean() / white.mean() == pytest.approx(1.2009, abs=1e-4)


def test_another_race_by_hand():
    names = ["Other", "intercept", "Asian", "Hispanic", BLACK, "Native American"]
    design = np.array([[1, 1, 0, 0, 0, 0], [0, 1, 0, 0, 1, 0]])
    assert compas_as_race(names, design, WHITE).tolist() == [[0, 1, 0, 0, 0, 0]] * 2
    assert compas_as_race(names, design, BLACK).tolist() == [[0, 1, 0, 0, 1, 0]] * 2
    assert design.tolist() == [[1, 1, 0, 0, 0, 0], [0, 1, 0, 0, 1, 0]]
    assert compas_as_race(names, design[:0], "Asian").shape == (0, 6)
    with pytest.raises(ValueError, match=r"race must be one of Caucasian, African-American, Asian.*got 'White'"):
        compas_as_race(names, design, "White")


def test_the_fit_by_hand():
    """One binary column: the coefficients are log odds, the errors the roots of sums of 1 / count."""
    design = np.array([[1, 0]] * 10 + [[1, 1]] * 10)
    outcome = [1] * 2 + [0] * 8 + [1] * 6 + [0] * 4
    fit = fit_logistic(design, np.array(outcome))
    assert fit.coefficients == pytest.approx([np.log(2 / 8), np.log(6 / 4) - np.log(2 / 8)])
    assert fit.standard_errors == pytest.approx([(1 / 2 + 1 / 8) ** 0.5, (1 / 2 + 1 / 8 + 1 / 6 + 1 / 4) ** 0.5])


@pytest.mark.parametrize(
    ("design", "outcome", "message"),
    [
        (np.ones((3, 1)), [0, 1], r"design must be \(N, K\).*got \(3, 1\) and \(2,\)"),
        (np.ones((3, 1)), [1, 1, 1], "both of them"),
        (np.ones((3, 2)), [0, 1, 1], "must not depend on each other"),
        (np.array([[1, 0], [1, 1], [1, 2], [1, 3]]), [0, 0, 1, 1], "may separate the classes"),
    ],
)
def test_bad_fits_are_refused(design, outcome, message):
    with pytest.raises(ValueError, match=message):
        fit_logistic(design, outcome)
