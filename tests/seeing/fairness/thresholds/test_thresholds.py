"""The fits: hull against linear programme, slow loops, fairlearn, a case by hand, and the published figures."""

from itertools import product

import numpy as np
import pytest
from fairlearn.postprocessing import ThresholdOptimizer
from sklearn.base import BaseEstimator, ClassifierMixin

from seeing.data import load_compas, load_fico, load_recidivism_predictions
from seeing.fairness.thresholds.equal_rate import fit_demographic_parity, fit_equal_opportunity, fit_predictive_equality
from seeing.fairness.thresholds.equalized_odds import fit_equalized_odds
from seeing.fairness.thresholds.linear_programme import fit_linear_programme
from seeing.fairness.thresholds.maximum_profit import fit_maximum_profit, fit_single_threshold
from seeing.fairness.thresholds.score_counts import ScoreCounts, count_scores

FITS = {
    "maximum_profit": (fit_maximum_profit, ()),
    "demographic_parity": (fit_demographic_parity, ("selection_rate",)),
    "equal_opportunity": (fit_equal_opportunity, ("tpr",)),
    "predictive_equality": (fit_predictive_equality, ("fpr",)),
    "equalized_odds": (fit_equalized_odds, ("fpr", "tpr")),
}
COSTS = [(1, 1), (0.82, 0.18), (1, 10), (0, 1), (1, 0)]
criteria = pytest.mark.parametrize("criterion", FITS)


def rows(seed: int, count: int = 400, groups: int = 4, levels: int = 8) -> tuple[np.ndarray, ...]:
    """Labels, tied scores, groups, weights; how good the score is differs by group, down to worse than chance."""
    rng = np.random.default_rng(seed)
    group = rng.integers(groups, size=count)
    group[: 2 * groups] = np.repeat(np.arange(groups), 2)
    label = (rng.random(count) < 0.2 + 0.6 * rng.random(groups)[group]).astype(int)
    label[: 2 * groups] = np.tile([0, 1], groups)
    score = rng.normal(label * rng.uniform(-0.5, 2, groups)[group], 1)
    return label, np.round(score * levels / 4), group, rng.random(count) + 0.01


def histograms(seed: int, weighted: bool = False, **options) -> dict:
    label, score, group, weight = rows(seed, **options)
    return count_scores(label, score, sensitive_features=group, sample_weight=weight if weighted else None)


@criteria
@pytest.mark.parametrize("seed", range(12))
def test_hull_and_linear_programme_agree_and_satisfy_the_criterion(criterion, seed):
    fit, equal = FITS[criterion]
    counts = histograms(seed, weighted=seed % 2 == 1, groups=1 + seed % 5)
    for false_positive, false_negative in COSTS:
        costs = {"false_positive_cost": false_positive, "false_negative_cost": false_negative}
        ours = fit(counts, **costs).expected_rates(counts)
        programme = fit_linear_programme(counts, criterion, **costs).expected_rates(counts)
        flipped = fit_linear_programme(counts, criterion, flips=True, **costs).expected_rates(counts)
        loss = ours.loss(false_positive, false_negative)
        assert loss == pytest.approx(programme.loss(false_positive, false_negative), abs=1e-9)
        assert loss >= flipped.loss(false_positive, false_negative) - 1e-9
        for rate in equal:
            assert np.ptp(getattr(ours, rate)) < 1e-12
            assert np.ptp(getattr(programme, rate)) < 1e-8
            assert np.ptp(getattr(flipped, rate)) < 1e-8


@pytest.mark.parametrize("seed", range(10))
def test_without_coins_equal_slow_loops(seed):
    label, score, group, weight = rows(seed, 60, 3)
    counts = count_scores(label, score, sensitive_features=group, sample_weight=weight)

    def loss(threshold, who):
        yes = score >= threshold
        wrong = 2 * weight * (yes & (label == 0)) + 3 * weight * (~yes & (label == 1))
        return wrong[who].sum() / weight.sum()

    thresholds = [*np.unique(score), np.inf]
    costs = {"false_positive_cost": 2, "false_negative_cost": 3}
    single = min(loss(t, slice(None)) for t in thresholds)
    each = sum(min(loss(t, group == g) for t in thresholds) for g in range(3))
    assert fit_single_threshold(counts, **costs).expected_rates(counts).loss(2, 3) == pytest.approx(single)
    assert fit_maximum_profit(counts, **costs).expected_rates(counts).loss(2, 3) == pytest.approx(each)


@pytest.mark.parametrize("criterion", ["demographic_parity", "equal_opportunity", "equalized_odds"])
def test_no_pair_of_thresholds_that_satisfies_the_criterion_is_better(criterion):
    """Where all points of two groups coincide, rules without coins exist: none of them beats the fit."""
    fit, equal = FITS[criterion]
    label, score, _, _ = rows(5, 50, 1)
    twice = count_scores(np.tile(label, 2), np.tile(score, 2), sensitive_features=np.repeat([0, 1], 50))
    fitted = fit(twice).expected_rates(twice).error
    found = []
    for pair in product([*np.unique(score), np.inf], repeat=2):
        yes = [score >= t for t in pair]
        rates = {
            "selection_rate": [y.mean() for y in yes],
            "tpr": [y[label == 1].mean() for y in yes],
            "fpr": [y[label == 0].mean() for y in yes],
        }
        if all(rates[name][0] == rates[name][1] for name in equal):
            found.append(np.mean([(y != label).mean() for y in yes]))
    assert fitted == pytest.approx(min(found))


class GivenScores(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X):
        return np.concatenate([1 - X, X], axis=1)


@pytest.mark.parametrize(
    ("criterion", "theirs"),
    [
        ("demographic_parity", "demographic_parity"),
        ("equal_opportunity", "true_positive_rate_parity"),
        ("predictive_equality", "false_positive_rate_parity"),
        ("equalized_odds", "equalized_odds"),
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_as_good_as_fairlearn_up_to_its_grid(criterion, theirs, seed):
    label, score, group, _ = rows(seed, 3000, 4, 1000)
    score = 1 / (1 + np.exp(-score / 250))
    counts = count_scores(label, score, sensitive_features=group)
    peer = ThresholdOptimizer(
        estimator=GivenScores().fit(None, None),
        constraints=theirs,
        objective="accuracy_score",
        grid_size=2000,
        prefit=True,
        predict_method="predict_proba",
    ).fit(score[:, None], label, sensitive_features=group)
    accept = peer._pmf_predict(score[:, None], sensitive_features=group)[:, 1]
    error = np.where(label == 1, 1 - accept, accept).mean()
    ours = FITS[criterion][0](counts).expected_rates(counts).error
    assert ours - 1e-9 < error < ours + 1 / 2000


def test_equalised_odds_by_hand_changes_both_sides():
    """Group a is perfect; b has one point, (FPR, TPR) = (1/4, 3/4), that a must come down to."""
    counts = {"a": ScoreCounts([0, 1], [4, 0], [0, 4]), "b": ScoreCounts([0, 1], [3, 1], [1, 3])}
    rule = fit_equalized_odds(counts)
    assert rule.steps["b"].acceptance == (0, 1)
    rates = rule.expected_rates(counts)
    np.testing.assert_allclose(rates.fpr, [0.25, 0.25], atol=1e-15)
    np.testing.assert_allclose(rates.tpr, [0.75, 0.75], atol=1e-15)
    np.testing.assert_allclose(rule.steps["a"].acceptance, [0.25, 0.75], atol=1e-15)
    assert rates.error == 0.25


def test_the_best_common_point_may_be_a_crossing():
    """Two hulls with one corner each, (0, .5) and (.5, 1), cross at (1/3, 2/3): better than any corner."""
    counts = {"a": ScoreCounts([0, 1], [4, 0], [2, 2]), "b": ScoreCounts([0, 1], [2, 2], [0, 4])}
    rates = fit_equalized_odds(counts).expected_rates(counts)
    np.testing.assert_allclose(rates.fpr, [1 / 3] * 2)
    np.testing.assert_allclose(rates.tpr, [2 / 3] * 2)


def test_flips_use_a_score_that_is_worse_than_chance():
    counts = {0: ScoreCounts([0, 1], [0, 5], [5, 0])}
    assert fit_equalized_odds(counts).expected_rates(counts).error == 0.5
    rule = fit_linear_programme(counts, "equalized_odds", flips=True)
    assert rule.steps[0].acceptance == (1, 0)
    assert rule.expected_rates(counts).error == 0


@criteria
def test_extremes(criterion):
    fit, _ = FITS[criterion]
    perfect = {g: ScoreCounts([0, 1], [3, 0], [0, 2]) for g in "abc"}
    assert fit(perfect).expected_rates(perfect).error == 0
    useless = {g: ScoreCounts([5], [3], [1]) for g in "abc"}
    assert fit(useless).steps == dict.fromkeys("abc", fit_single_threshold(useless).steps["a"])
    everybody = fit(useless, false_positive_cost=0)
    assert everybody.probabilities([-1e9], sensitive_features=["a"]).tolist() == [1]
    many = histograms(1, count=4000, groups=120)
    assert len(fit(many).steps) == 120


@pytest.mark.parametrize("fit", [fit_single_threshold, *(fit for fit, _ in FITS.values())])
def test_bad_input(fit):
    good = ScoreCounts([0, 1], [1, 1], [1, 1])
    with pytest.raises(ValueError, match="at least one group was expected"):
        fit({})
    with pytest.raises(ValueError, match="group 'b' must have both labels; nobody has label 1"):
        fit({"a": good, "b": ScoreCounts([0, 1], [1, 1], [0, 0])})
    with pytest.raises(ValueError, match="group 'b' must have both labels; nobody has label 0"):
        fit({"a": good, "b": ScoreCounts([3], [0], [1])})
    for costs in ((-1, 1), (0, 0), (float("nan"), 1)):
        with pytest.raises(ValueError, match="must be finite, at least 0, and not both 0"):
            fit({"a": good}, false_positive_cost=costs[0], false_negative_cost=costs[1])


def test_unknown_criterion():
    with pytest.raises(ValueError, match=r"criterion must be one of maximum_profit, .*; got 'fairness'"):
        fit_linear_programme({"a": ScoreCounts([0], [1], [1])}, "fairness")


def test_ties_accept_fewest():
    counts = {"a": ScoreCounts([0, 1, 2], [1, 1, 0], [0, 1, 1])}
    assert fit_maximum_profit(counts).steps["a"].thresholds == (2.0,)


@pytest.mark.parametrize(
    ("fit", "share", "paper"),
    [
        (fit_single_threshold, 99.35, 99.3),
        (fit_equal_opportunity, 92.90, 92.8),
        (fit_equalized_odds, 80.42, 80.2),
        (fit_demographic_parity, 70.47, 69.8),
    ],
)
def test_fico_shares_of_the_maximum_profit(real_data, fit, share, paper):
    fico = load_fico(real_data, download=False)
    counts = {}
    for column, group in enumerate(fico.groups):
        people = np.diff(fico.cdf[:, column], prepend=0) * fico.totals[column]
        default = fico.default_rate[:, column]
        counts[group] = ScoreCounts(fico.scores, people * default, people * (1 - default))
    costs = {"false_positive_cost": 0.82, "false_negative_cost": 0.18}
    most = fit_maximum_profit(counts, **costs).expected_rates(counts).profit(0.18, 0.82)
    found = 100 * fit(counts, **costs).expected_rates(counts).profit(0.18, 0.82) / most
    assert round(found, 2) == share
    assert 0 < found - paper < 0.7
    if fit is not fit_single_threshold:
        criterion = next(name for name, (known, _) in FITS.items() if known is fit)
        programme = fit_linear_programme(counts, criterion, **costs).expected_rates(counts)
        assert 100 * programme.profit(0.18, 0.82) / most == pytest.approx(found, abs=1e-6)


@pytest.mark.parametrize("flips", [None, False, True], ids=["hull", "programme", "programme with flips"])
def test_compas_equalised_odds(real_data, flips):
    compas = load_compas(real_data, download=False)
    compas = compas.rows(np.isin(compas.race, ["African-American", "Caucasian"]))
    high = compas.decile_score >= 5
    assert round((high != compas.two_year_recid).mean(), 5) == 0.34911
    counts = count_scores(compas.two_year_recid, high, sensitive_features=compas.race)
    rule = fit_equalized_odds(counts) if flips is None else fit_linear_programme(counts, "equalized_odds", flips=flips)
    rates = rule.expected_rates(counts)
    assert round(rates.error, 6) == 0.383855
    np.testing.assert_array_equal(rates.fpr.round(6), 0.383317)
    np.testing.assert_array_equal(rates.tpr.round(6), 0.615527)
    full = count_scores(compas.two_year_recid, compas.decile_score, sensitive_features=compas.race)
    assert fit_equalized_odds(full).expected_rates(full).error == pytest.approx(0.356816, abs=1e-6)


def test_pleiss_predictions(real_data):
    table = load_recidivism_predictions(real_data, download=False)
    counts = count_scores(table.label, table.prediction, sensitive_features=table.group)
    rule = fit_equalized_odds(counts)
    rates = rule.expected_rates(counts)
    assert np.ptp(rates.fpr) < 1e-12
    assert np.ptp(rates.tpr) < 1e-12
    programme = fit_linear_programme(counts, "equalized_odds").expected_rates(counts)
    assert rates.error == pytest.approx(programme.error, abs=1e-9)
    least = fit_maximum_profit(counts).expected_rates(counts).error
    assert least < rates.error < table.label.mean()
    accept = rule.probabilities(table.prediction, sensitive_features=table.group)
    assert np.where(table.label == 1, 1 - accept, accept).mean() == pytest.approx(rates.error)
