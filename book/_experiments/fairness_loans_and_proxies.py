"""Record what the page on proxies shows: `python book/_experiments/fairness_loans_and_proxies.py`.

It takes a few minutes. The Adult data set is read through its loader, which fetches 4 MB if it is not there. Only
numbers are recorded: areas, and counts of people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from seeing import recorded
from seeing.data import Adult, load_adult
from seeing.fairness import fit_linear_eraser, proxies, reweighing

ROWS, FOLDS = 8000, 5
NOT_USED = ("sex", "income", "fnlwgt")
FAMILY = ("relationship", "marital_status")
COMMAND = "python book/_experiments/fairness_loans_and_proxies.py"


class Eraser(TransformerMixin, BaseEstimator):
    """The library's eraser as a step of a pipeline, so that each fold learns its own."""

    def fit(self, x: np.ndarray, s: np.ndarray) -> Self:
        """Learn the direction from rows (N, D) and a binary attribute (N,)."""
        self.erase_ = fit_linear_eraser(x, sensitive_features=s)
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        """Rows without it."""
        return self.erase_(x)


def table(people: Adult, without: Sequence[str] = NOT_USED) -> dict[str, np.ndarray]:
    """The columns that a model may see."""
    return {name: column for name, column in people.columns().items() if name not in without}


def encoder(columns: dict[str, np.ndarray]):
    """Numbers to a common scale, words to columns of 0 and 1."""
    words = [place for place, column in enumerate(columns.values()) if column.dtype.kind == "U"]
    numbers = [place for place in range(len(columns)) if place not in words]
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return make_column_transformer((StandardScaler(), numbers), (one_hot, words))


def stacked(columns: dict[str, np.ndarray]) -> np.ndarray:
    """(N, D) objects: numbers and words side by side."""
    return np.column_stack([column.astype(object) for column in columns.values()])


def areas(columns: dict[str, np.ndarray], sex: np.ndarray) -> dict:
    """How well each column and all of them tell the sex, to a linear model and to a forest."""
    result = {}
    for model in ("linear", "forest"):
        found = proxies(columns, sensitive_features=sex, model=model, folds=FOLDS)
        result[model] = {"columns": dict(found.columns), "joint": found.joint}
    return result


def erased_areas(columns: dict[str, np.ndarray], sex: np.ndarray) -> dict[str, list[float]]:
    """The area in each fold after the linear part has been erased."""
    models = {
        "linear": LogisticRegression(max_iter=1000),
        "forest": RandomForestClassifier(min_samples_leaf=5, random_state=0),
    }
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    binary = (sex == "Female").astype(int)
    return {
        name: cross_val_score(
            make_pipeline(encoder(columns), Eraser(), model),
            stacked(columns),
            binary,
            cv=folds,
            scoring="roc_auc",
        ).tolist()
        for name, model in models.items()
    }


def decisions(train: Adult, test: Adult) -> list[dict]:
    """Who is predicted to earn over 50,000 dollars, by models that see, do not see, or are weighted for the sex."""
    weights = reweighing(train.income, sensitive_features=train.sex)
    masked = (*NOT_USED, *FAMILY)
    runs = [
        ("sees the sex", NOT_USED[1:], None),
        ("sex masked", NOT_USED, None),
        ("family masked too", masked, None),
        ("sex masked, reweighed", NOT_USED, weights),
        ("family too, reweighed", masked, weights),
    ]
    records = []
    for name, without, weight in runs:
        columns = table(train, without)
        model = make_pipeline(encoder(columns), LogisticRegression(max_iter=2000))
        model.fit(stacked(columns), train.income, logisticregression__sample_weight=weight)
        said = model.predict(stacked(table(test, without)))
        for sex in ("Female", "Male"):
            own = test.sex == sex
            right = int((said == test.income)[own].sum())
            counts = {"people": int(own.sum()), "selected": int(said[own].sum()), "right": right}
            records.append({"model": name, "sex": sex, **counts})
    return records


def main() -> None:
    """All of the page's numbers."""
    train, test = (load_adult(split=split) for split in ("train", "test"))
    train, test = (people.rows(people.is_complete()) for people in (train, test))
    some = train.rows(np.random.default_rng(0).permutation(len(train))[:ROWS])
    columns, bare = table(some), table(some, (*NOT_USED, *FAMILY))
    record = {
        "command": COMMAND,
        "rows": ROWS,
        "base_rates": {sex: float(train.income[train.sex == sex].mean()) for sex in ("Female", "Male")},
        "weights": sorted(set(reweighing(train.income, sensitive_features=train.sex).round(6).tolist())),
        "decisions": decisions(train, test),
        "all": areas(columns, some.sex),
        "without family": areas(bare, some.sex),
        "erased": erased_areas(bare, some.sex),
    }
    recorded.write("loans_and_proxies", record, part="fairness")


if __name__ == "__main__":
    main()
