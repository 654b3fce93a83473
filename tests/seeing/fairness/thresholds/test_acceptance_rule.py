"""Rules with coins: steps at the threshold, exact rates beside sampled ones, and draws that belong to a person."""

import math

import numpy as np
import pytest
import torch

from seeing.fairness.thresholds.acceptance_rule import AcceptanceRule, AcceptanceSteps
from seeing.fairness.thresholds.randomisation import uniform_draws
from seeing.fairness.thresholds.score_counts import ScoreCounts, count_scores

RULE = AcceptanceRule({"a": AcceptanceSteps((1.0, 2.0), (0.25, 0.5, 1.0)), "b": AcceptanceSteps((), (0.125,))})


def test_a_score_at_the_threshold_is_above_it():
    scores = [0.5, np.nextafter(1, 0), 1, 1.5, 2, 9, 2]
    found = RULE.probabilities(scores, sensitive_features=list("aaaaaab"))
    assert found.tolist() == [0.25, 0.25, 0.5, 0.5, 1, 1, 0.125]


@pytest.mark.parametrize("seed", range(20))
def test_a_mixture_is_the_mean_of_its_thresholds(seed):
    rng = np.random.default_rng(seed)
    thresholds = rng.choice([-math.inf, 0, 1, 2, 3, math.inf], 4)
    weights = rng.dirichlet(np.ones(4)) if seed else np.array([0, 0, 1.0, 0])
    scores = np.array([-1, 0, 0.5, 1, 2, 2.5, 3, 4])
    wanted = [sum(w for t, w in zip(thresholds, weights, strict=True) if s >= t) for s in scores]
    steps = AcceptanceSteps.from_mixture(thresholds, weights)
    np.testing.assert_allclose(steps(scores), wanted, atol=1e-15)
    assert (np.diff(steps.acceptance) >= 0).all()
    assert min(steps.acceptance) >= 0
    assert max(steps.acceptance) <= 1


def test_without_a_coin_the_probabilities_are_exactly_0_and_1():
    assert AcceptanceSteps.from_mixture([0.3], [1]) == AcceptanceSteps((0.3,), (0.0, 1.0))
    assert AcceptanceSteps.from_mixture([math.inf], [1]) == AcceptanceSteps((), (0.0,))
    assert AcceptanceSteps.from_mixture([-math.inf], [1]) == AcceptanceSteps((), (1.0,))
    rule = AcceptanceRule({0: AcceptanceSteps((0.5,), (0.0, 1.0))})
    scores = np.random.default_rng(0).random(10_000)
    answers = rule.predict(scores, sensitive_features=np.zeros(10_000, int), seed=1)
    np.testing.assert_array_equal(answers, scores >= 0.5)


def test_expected_rates_by_hand():
    counts = {
        "a": ScoreCounts([0, 1, 2], [4, 2, 2], [0, 2, 6]),
        "b": ScoreCounts([7], [8], [0]),
    }
    rates = RULE.expected_rates(counts)
    np.testing.assert_allclose(rates.table, [[[4, 4], [1, 7]], [[7, 1], [0, 0]]])
    np.testing.assert_allclose(rates.fpr, [0.5, 0.125])
    np.testing.assert_allclose(rates.tpr, [7 / 8, math.nan])
    np.testing.assert_allclose(rates.selection_rate, [11 / 16, 1 / 8])
    assert rates.error == pytest.approx((5 + 1) / 24)
    assert rates.loss(2, 3) == pytest.approx((2 * 5 + 3 * 1) / 24)
    assert rates.profit(3, 2) == pytest.approx((3 * 7 - 2 * 5) / 24)
    assert rates.profit(3, 2) == pytest.approx(3 * 8 / 24 - rates.loss(2, 3))


def test_the_expectation_is_the_mean_over_seeds_and_no_sample():
    rng = np.random.default_rng(3)
    groups, labels = rng.choice(["a", "b"], 400), rng.integers(2, size=400)
    scores = rng.choice([0, 1, 2.0], 400)
    exact = RULE.expected_rates(count_scores(labels, scores, sensitive_features=groups))
    errors = [(RULE.predict(scores, sensitive_features=groups, seed=s) != labels).mean() for s in range(400)]
    assert np.std(errors) > 0.005
    assert abs(np.mean(errors) - exact.error) < 5 * np.std(errors) / 20


def test_answers_belong_to_people():
    rng = np.random.default_rng(4)
    scores, groups, ids = rng.choice([0, 1, 2.0], 500), rng.choice(["a", "b"], 500), rng.permutation(10**6)[:500]
    for names in (ids, ids.astype(str), ids.astype(np.uint32), ids.astype(str).astype(object)):
        answers = RULE.predict(scores, sensitive_features=groups, seed=7, ids=names)
        order = rng.permutation(500)
        again = RULE.predict(scores[order], sensitive_features=groups[order], seed=7, ids=names[order])
        np.testing.assert_array_equal(again, answers[order])
        part = RULE.predict(scores[490:], sensitive_features=groups[490:], seed=7, ids=names[490:])
        np.testing.assert_array_equal(part, answers[490:])
        other = RULE.predict(scores, sensitive_features=groups, seed=8, ids=names)
        assert (other != answers).any()


def test_draws_are_uniform_and_independent_of_neighbours():
    draws = uniform_draws(0, np.arange(-50_000, 50_000))
    assert draws.min() >= 0
    assert draws.max() < 1
    counts = np.bincount((draws * 100).astype(int), minlength=100)
    assert ((counts - 1000) ** 2 / 1000).sum() < 160  # chi-squared, 99 degrees of freedom
    assert abs(np.corrcoef(draws[1:], draws[:-1])[0, 1]) < 0.015
    assert abs(np.corrcoef(draws, uniform_draws(1, np.arange(-50_000, 50_000)))[0, 1]) < 0.015
    words = uniform_draws(0, [f"person {i}" for i in range(20_000)])
    assert abs(words.mean() - 0.5) < 0.01


def test_draws_do_not_change_between_versions():
    """The first output of SplitMix64 from state 0, and values that an audit may have recorded."""
    assert uniform_draws(3, [5, 5, 6])[0] == uniform_draws(3, [5])[0] != uniform_draws(3, [6])[0]
    assert uniform_draws(-1, [1])[0] == uniform_draws(2**64 - 1, [1])[0]
    z, mask = 0x9E3779B97F4A7C15, 2**64 - 1

    def mix(z):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    assert mix(z) == 0xE220A8397B1DCDAF
    for seed, person in ((0, 0), (11, 12345), (2**63, -7)):
        wanted = mix((mix((seed + z) & mask) + (person & mask) * z) & mask) >> 11
        assert uniform_draws(seed, [person])[0] == wanted * 2.0**-53


def test_tensors_in_tensors_out():
    answers = RULE.predict(torch.tensor([0.0, 2.0]), sensitive_features=["a", "a"], seed=0)
    assert isinstance(answers, torch.Tensor)
    assert answers.dtype == torch.int64
    assert answers[1] == 1


def test_bad_input():
    with pytest.raises(ValueError, match=r"knows the groups \['a', 'b'\]; got 'c'"):
        RULE.predict([1.0], sensitive_features=["c"], seed=0)
    with pytest.raises(ValueError, match="got 'c'"):
        RULE.expected_rates({"c": ScoreCounts([1], [1], [1])})
    with pytest.raises(ValueError, match="at least one group"):
        RULE.expected_rates({})
    with pytest.raises(ValueError, match="scores must be finite; got nan"):
        RULE.probabilities([math.nan], sensitive_features=["a"])
    with pytest.raises(ValueError, match="lengths scores 1, sensitive_features 2"):
        RULE.probabilities([1.0], sensitive_features=["a", "b"])
    with pytest.raises(ValueError, match="ids must be integers or strings"):
        RULE.predict([1.0], sensitive_features=["a"], seed=0, ids=[1.5])
    with pytest.raises(ValueError, match="lengths scores 1, ids 2"):
        RULE.predict([1.0], sensitive_features=["a"], seed=0, ids=[1, 2])
    with pytest.raises(ValueError, match="not both 0; got 0 and 0"):
        RULE.expected_rates({"b": ScoreCounts([1], [1], [1])}).loss(0, 0)
