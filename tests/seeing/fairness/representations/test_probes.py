"""Probes: scikit-learn by hand on the same folds, a ring that only some probes see, and bad input."""

import numpy as np
import pytest
import torch
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from seeing.fairness.representations.probes import Probe, leakage, probe


def clouds(count=90, groups=2, seed=0, distance=0.8):
    random = np.random.default_rng(seed)
    group = random.choice(groups, count, p=[0.7, 0.3] if groups == 2 else None)
    return random.normal(size=(count, 2)) + distance * group[:, None], group


def test_equals_scikit_learn_with_the_scale_of_the_fold():
    """One huge row of a test fold must not shrink the training rows of that fold."""
    z, group = clouds()
    z[0] *= 1e4
    scores = []
    for train, test in StratifiedKFold(4, shuffle=True, random_state=3).split(z, group):
        mean, spread = z[train].mean(0), z[train].std(0)
        model = LogisticRegression(max_iter=1000).fit((z[train] - mean) / spread, group[train])
        p = model.predict_proba((z[test] - mean) / spread)[:, 1]
        share = group[train].mean()
        answer = p / share > (1 - p) / (1 - share)
        accuracy = ((p > 0.5) == group[test]).mean()
        scores.append((balanced_accuracy_score(group[test], answer), roc_auc_score(group[test], p), accuracy))
    found = probe(z, sensitive_features=group, probes=["linear"], folds=4, seed=3)["linear"]
    assert (found.balanced_accuracy, found.auc, found.accuracy) == pytest.approx(np.mean(scores, 0), abs=1e-12)
    assert found.folds == pytest.approx([score[0] for score in scores], abs=1e-12)
    assert found.majority == max(group.mean(), 1 - group.mean())


def test_a_ring_passes_the_linear_probe_but_no_other():
    random = np.random.default_rng(0)
    group = random.integers(0, 2, 240)
    z = random.normal(size=(240, 2))
    z /= np.linalg.norm(z, axis=1, keepdims=True) / (1 + group[:, None] + 0.1 * random.normal(size=(240, 1)))
    found = probe(z, sensitive_features=group, folds=2)
    assert list(found) == ["linear", "forest", "boosting"]
    assert found["linear"].balanced_accuracy < 0.62
    assert min(found[name].balanced_accuracy for name in ("forest", "boosting")) > 0.85
    assert min(found[name].auc for name in ("forest", "boosting")) > 0.9
    assert leakage(found) == max(found["forest"].balanced_accuracy, found["boosting"].balanced_accuracy)


def test_a_guess_gives_the_ideal_values():
    z, group = clouds()
    found = probe(z, sensitive_features=group, probes={"guess": DummyClassifier(strategy="prior")}, folds=3)["guess"]
    assert found.auc == 0.5
    assert found.balanced_accuracy == 0.5
    assert found.accuracy == pytest.approx(found.majority, abs=1e-2)


def test_a_rare_group_is_found_where_plain_accuracy_sees_nothing():
    """5% are of group 1, and shifted: the likeliest group is nearly always 0."""
    random = np.random.default_rng(0)
    group = (np.arange(20_000) % 20 == 0).astype(int)
    z = random.normal(size=20_000) + 1.2 * group
    found = probe(z, sensitive_features=group, probes={"bayes": GaussianNB()}, folds=4)["bayes"]
    assert found.accuracy == pytest.approx(found.majority, abs=0.01)
    assert found.balanced_accuracy == pytest.approx(0.726, abs=0.02)  # Phi(.6)


def test_three_groups_words_and_intersections():
    z, group = clouds(150, 3, distance=3)
    words = np.array(["u", "v", "w"])[group]
    by_word = probe(z, sensitive_features=words, probes={"bayes": GaussianNB()}, folds=3)["bayes"]
    by_code = probe(torch.from_numpy(z), sensitive_features=group, probes={"bayes": GaussianNB()}, folds=3)["bayes"]
    assert by_word == by_code
    assert by_word.balanced_accuracy > 0.8
    both = {"one": group == 1, "two": group == 2}
    assert probe(z, sensitive_features=both, probes={"bayes": GaussianNB()}, folds=3)["bayes"].auc > 0.9


def test_a_seed_gives_the_same_and_the_classifier_is_left_alone():
    z, group = clouds(60)
    tree = DecisionTreeClassifier(random_state=0)
    first = probe(z, sensitive_features=group, probes={"tree": tree}, folds=2, seed=1)
    assert first == probe(z, sensitive_features=group, probes={"tree": tree}, folds=2, seed=1)
    assert first != probe(z, sensitive_features=group, probes={"tree": tree}, folds=2, seed=2)
    assert not hasattr(tree, "tree_")


def test_bad_input_is_refused_with_what_came():
    z, group = clouds(20)
    for changed, text in (
        ({"representation": z[:5]}, "representation 5, sensitive_features 20"),
        ({"representation": z[:0]}, r"\(0, 2\)"),
        ({"representation": z * np.nan}, "must hold finite numbers; got NaN"),
        ({"representation": z.astype(str)}, "must be numbers"),
        ({"sensitive_features": [1] * 20}, "got 1 groups"),
        ({"folds": 1}, "and 1 folds"),
        ({"folds": 20}, "rows in the smallest, and 20 folds"),
        ({"probes": ["network"]}, "'network'"),
    ):
        arguments = {"representation": z, "sensitive_features": group, "probes": ["linear"], "folds": 2, **changed}
        with pytest.raises(ValueError, match=text):
            probe(arguments.pop("representation"), **arguments)
    with pytest.raises(ValueError, match="at least one probe was expected"):
        leakage({})
    assert leakage({"a": Probe(0.6, 0.5, 0.5, 0.5, ()), "b": Probe(0.5, 0.9, 0.9, 0.5, ())}) == 0.6
