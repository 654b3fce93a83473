"""Proxies: the loan example, made-up tables whose answer is known, and scikit-learn by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.tree import DecisionTreeClassifier

from seeing.data.loan_example import loan_example
from seeing.fairness.proxies import ThresholdRule, proxies, threshold_rule


def test_masking_is_undone_by_age_under_30():
    loans = loan_example()
    assert threshold_rule(loans.age, sensitive_features=loans.group) == ThresholdRule("A", True, 30, 1)
    # The rule refuses whom the masked column refused.
    assert ((loans.age < 30) == (loans.group == "A")).all()
    assert ((loans.age < 30) == (loans.granted == 0)).all()
    assert threshold_rule(loans.income, sensitive_features=loans.group).accuracy < 0.6
    assert [loans.repaid[loans.group == group].sum() for group in "AB"] == [5, 5]
    assert loans.repaid[loans.income >= 44].all()
    columns = {"income": loans.income, "age": loans.age, "years": loans.years_at_address}
    found = proxies(columns, sensitive_features=loans.group, model="linear", folds=4)
    assert next(iter(found.columns.items())) == ("age", 1)
    assert found.joint == 1
    assert set(found.columns) == set(columns)


def test_equal_scikit_learn_with_the_scale_of_the_fold():
    """The mean and the spread are of the training rows: one huge row of the test fold must not shrink the others."""
    random = np.random.default_rng(0)
    group = random.integers(0, 2, 60)
    rows = random.normal(size=(60, 2)) + group[:, None] * [0.8, 0.2]
    rows[0] *= 1e4
    scores = []
    for train, test in StratifiedKFold(3, shuffle=True, random_state=5).split(rows, group):
        mean, spread = rows[train].mean(0), rows[train].std(0)
        model = LogisticRegression(max_iter=1000).fit((rows[train] - mean) / spread, group[train])
        scores.append(roc_auc_score(group[test], model.predict_proba((rows[test] - mean) / spread)[:, 1]))
    found = proxies(rows, sensitive_features=group, model="linear", folds=3, seed=5)
    assert found.joint == pytest.approx(np.mean(scores))


def test_columns_that_say_nothing_alone_may_say_all_together():
    """The exclusive or of two signs: a forest finds it, a linear model passes it."""
    random = np.random.default_rng(1)
    rows = random.choice([-1.0, 1.0], (400, 2))
    group = np.where(rows.prod(1) > 0, "x", "y")
    forest = proxies(rows, sensitive_features=group, folds=3)
    assert forest.joint > 0.99
    assert max(forest.columns.values()) < 0.6
    assert proxies(rows, sensitive_features=group, model="linear", folds=3).joint < 0.65


def test_words_bools_several_groups_and_other_models():
    random = np.random.default_rng(2)
    group = random.integers(0, 3, 90)
    table = pd.DataFrame(
        {
            "town": np.array(["p", "q", "r"])[group],
            "noise": random.normal(size=90),
            "first": group == 0,
            "mixed": [int(value) for value in group],
        }
    )
    found = proxies(table, sensitive_features=group, folds=3, model="linear")
    assert found.columns["town"] == 1
    assert found.columns["mixed"] > 0.7
    assert 0.65 < found.columns["first"] < 0.95
    assert abs(found.columns["noise"] - 0.5) < 0.2
    assert found.joint > 0.95
    assert list(found.columns.values()) == sorted(found.columns.values(), reverse=True)
    tree = DecisionTreeClassifier(max_depth=3)
    assert proxies({"town": table["town"]}, sensitive_features=group, folds=3, model=tree).joint == 1
    assert not hasattr(tree, "tree_")


def test_a_seed_gives_the_same():
    random = np.random.default_rng(3)
    rows, group = random.normal(size=(60, 1)), random.integers(0, 2, 60)
    one = proxies(rows, sensitive_features=group, folds=3, seed=1)
    assert one == proxies(rows, sensitive_features=group, folds=3, seed=1)
    assert one != proxies(rows, sensitive_features=group, folds=3, seed=2)


@pytest.mark.parametrize("seed", range(20))
def test_the_rule_equals_a_slow_search(seed):
    random = np.random.default_rng(seed)
    values, group = random.integers(0, 6, 15), random.integers(0, 2 + seed % 2, 15)
    best = 0
    for name in set(group.tolist()):
        best = max(best, np.mean(group == name))
        for low, high in zip(sorted(set(values))[:-1], sorted(set(values))[1:], strict=True):
            below = values < (low + high) / 2
            best = max(best, np.mean(below == (group == name)), np.mean(~below == (group == name)))
    rule = threshold_rule(values, sensitive_features=group)
    named = values < rule.threshold if rule.below else values >= rule.threshold
    assert rule.accuracy == pytest.approx(best)
    assert np.mean(named == (group == rule.group)) == pytest.approx(best)


def test_the_rule_where_there_is_nothing_to_compare():
    assert threshold_rule([3, 3, 3], sensitive_features=["a", "b", "b"]) == ThresholdRule("b", False, -np.inf, 2 / 3)
    assert threshold_rule([3], sensitive_features=["a"]) == ThresholdRule("a", False, -np.inf, 1)


def test_bad_input():
    rows, group = np.zeros((6, 1)), [0, 0, 0, 1, 1, 1]
    for features, sensitive, options, message in [
        (rows, [0] * 6, {"folds": 2}, "got 1 groups"),
        (rows, group, {"folds": 4}, "3 rows in the smallest, and 4 folds"),
        (rows, group, {"folds": 1}, "1 folds"),
        (rows, group[:5], {"folds": 2}, "features 6, sensitive_features 5"),
        (rows * np.nan, group, {"folds": 2}, "finite numbers"),
        ({"town": ["a", None, "b", "b", "a", "a"]}, group, {"folds": 2}, "town holds a missing value"),
        (rows, group, {"folds": 2, "model": "deep"}, "got 'deep'"),
    ]:
        with pytest.raises(ValueError, match=message):
            proxies(features, sensitive_features=sensitive, **options)
    with pytest.raises(ValueError, match="values must be numbers"):
        threshold_rule(["a", "b"], sensitive_features=[0, 1])
    with pytest.raises(ValueError, match="finite numbers"):
        threshold_rule([1, np.inf], sensitive_features=[0, 1])
    with pytest.raises(ValueError, match="got lengths"):
        threshold_rule([1, 2], sensitive_features=[0])
