"""The made-up hiring history: its rates by theory, and which fixes of a screen help, by the known truth."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from seeing.fairness.cases.recruiting import judge_screen, simulate_hiring, train_screen

NORMAL = NormalDist()


def test_the_history_is_biased_by_the_known_amount():
    history = simulate_hiring(60_000, penalty=0.8, proxy_strength=0.6, share=0.3, seed=1)
    a, b = history.group == "A", history.group == "B"
    bar, spread = NormalDist(0, 1.25**0.5).inv_cdf(0.7), 1.25**0.5
    assert history.hired[a].mean() == pytest.approx(0.3, abs=0.01)
    assert history.hired[b].mean() == pytest.approx(NORMAL.cdf(-(bar + 0.8) / spread), abs=0.01)
    assert history.hired_fairly[b].mean() == pytest.approx(0.3, abs=0.01)
    assert np.array_equal(history.hired[a], history.hired_fairly[a])
    assert not (history.hired & ~history.hired_fairly).any()
    for group in (a, b):
        assert history.qualified[group].mean() == pytest.approx(0.3, abs=0.01)
        assert history.skill[group].mean() == pytest.approx(0, abs=0.02)
    assert history.proxy[b].mean() - history.proxy[a].mean() == pytest.approx(0.6, abs=0.015)
    for column, noise in ((history.test, 0.6), (history.reference, 0.8)):
        assert np.std(column - history.skill) == pytest.approx(noise, abs=0.01)
    assert np.corrcoef(history.proxy, history.skill)[0, 1] == pytest.approx(0, abs=0.015)


def test_without_penalty_or_proxy_nothing_is_hidden():
    history = simulate_hiring(5000, penalty=0, proxy_strength=0)
    assert np.array_equal(history.hired, history.hired_fairly)
    certain = simulate_hiring(500, proxy_strength=1)
    assert np.array_equal(certain.proxy == 1, certain.group == "B")


def test_the_screen_is_logistic_regression():
    history = simulate_hiring(2000)
    features = history.features(use_group=True, use_proxy=True)
    assert features.shape == (2000, 4)
    model = train_screen(features, history.hired)
    peer = LogisticRegression(C=1e9, max_iter=1000).fit(features, history.hired)
    assert model.weight[0].tolist() == pytest.approx(peer.coef_[0].tolist(), abs=1e-3)
    assert model.bias.item() == pytest.approx(peer.intercept_[0], abs=1e-3)


def test_weights_stand_for_repeated_rows_and_equal_the_peer():
    history = simulate_hiring(1500, seed=3)
    features = history.features(use_group=True, use_proxy=True)
    weights = np.random.default_rng(0).integers(0, 4, 1500)
    model = train_screen(features, history.hired, weights=weights)
    repeated = train_screen(features.repeat(weights, 0), history.hired.repeat(weights))
    peer = LogisticRegression(C=1e9, max_iter=1000, tol=1e-8).fit(features, history.hired, sample_weight=weights)
    assert model.weight[0].tolist() == pytest.approx(repeated.weight[0].tolist(), abs=1e-4)
    assert model.weight[0].tolist() == pytest.approx(peer.coef_[0].tolist(), abs=1e-3)
    assert model.bias.item() == pytest.approx(peer.intercept_[0], abs=1e-3)
    ones, plain = (train_screen(features, history.hired, weights=w) for w in (np.full(1500, 7.0), None))
    assert ones.weight[0].tolist() == pytest.approx(plain.weight[0].tolist(), abs=1e-6)


def test_weights_that_cannot_be_used_are_refused():
    history = simulate_hiring(50)
    features = history.features(use_group=True, use_proxy=True)
    with pytest.raises(ValueError, match="weights 49"):
        train_screen(features, history.hired, weights=np.ones(49))
    for bad in (-1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match=f"at least 0; got {bad}"):
            train_screen(features, history.hired, weights=np.where(np.arange(50) == 3, bad, 1.0))
    with pytest.raises(ValueError, match="got 1 only"):
        train_screen(features, history.hired, weights=history.hired.astype(float))
    with pytest.raises(ValueError, match="no row with a weight"):
        train_screen(features, history.hired, weights=np.zeros(50))


def test_hiding_the_group_is_not_enough_and_the_truth_says_so():
    """The bias learned in full, in part through the proxy, and not at all without it or from fair decisions."""
    past, new = simulate_hiring(6000, seed=0), simulate_hiring(20_000, seed=1)

    def verdict(labels, **used):
        model = train_screen(past.features(**used), labels)
        features = new.features(**used)
        return judge_screen(new, features @ model.weight[0].detach().numpy())

    full = verdict(past.hired, use_group=True, use_proxy=True)
    masked = verdict(past.hired, use_group=False, use_proxy=True)
    clean = verdict(past.hired, use_group=False, use_proxy=False)
    fair = verdict(past.hired_fairly, use_group=True, use_proxy=True)
    assert full.penalty > 0.8
    assert 0.2 < masked.penalty < full.penalty - 0.2
    assert abs(clean.penalty) < 0.08
    assert abs(fair.penalty) < 0.15
    gaps = [each.found["A"] - each.found["B"] for each in (full, masked, clean)]
    assert gaps[0] > gaps[1] > 0.05
    assert abs(gaps[2]) < 0.03
    # The fix costs nothing: who is invited is better.
    assert clean.skill > masked.skill > full.skill
    assert clean.skill == pytest.approx(fair.skill, abs=0.02)


def test_a_verdict_by_hand():
    history = simulate_hiring(8, seed=2)
    a, b = history.group == "A", history.group == "B"
    verdict = judge_screen(history, history.skill - 2 * b, share=0.5)
    assert verdict.penalty == pytest.approx(2)
    best = np.argsort(-(history.skill - 2 * b))[:4]
    assert verdict.skill == pytest.approx(history.skill[best].mean())
    assert verdict.invited == {
        "A": np.isin(np.flatnonzero(a), best).mean(),
        "B": np.isin(np.flatnonzero(b), best).mean(),
    }
    everyone = judge_screen(history, np.zeros(8), share=1)
    assert everyone.invited == {"A": 1, "B": 1}
    assert math.isnan(everyone.penalty)


def test_degenerate_histories():
    one = simulate_hiring(1)
    verdict = judge_screen(one, [0.5])
    assert list(verdict.invited.values()) == [1]
    assert verdict.skill == one.skill[0]


def test_bad_input_is_refused_with_what_came():
    for changed in ({"count": 0}, {"penalty": math.inf}, {"proxy_strength": 1.5}, {"share": 0.0}):
        with pytest.raises(ValueError, match=str(next(iter(changed.values())))):
            simulate_hiring(**{"count": 5, **changed})
    history = simulate_hiring(5)
    with pytest.raises(ValueError, match="both labels were expected"):
        train_screen(history.features(use_group=True, use_proxy=True), np.zeros(5))
    with pytest.raises(ValueError, match="features 5, labels 4"):
        train_screen(history.features(use_group=True, use_proxy=True), [0, 1, 0, 1])
    with pytest.raises(ValueError, match="history 5, scores 4"):
        judge_screen(history, np.zeros(4))
    with pytest.raises(ValueError, match="finite scores"):
        judge_screen(history, [0, 1, 2, 3, math.nan])
    with pytest.raises(ValueError, match="a share of 0"):
        judge_screen(history, np.zeros(5), share=0)
