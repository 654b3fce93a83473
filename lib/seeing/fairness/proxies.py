"""Proxies: how well what is left of a table gives away the attribute that was masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from seeing.fairness.groups.groups import SensitiveFeatures, feature_columns, find_groups
from seeing.fairness.inputs import Values, as_column, check_lengths


@dataclass(frozen=True)
class Proxies:
    """How well the attribute is predicted: areas under the ROC curve, .5 for a guess and 1 for certainty.

    Attributes:
        columns: by each column alone, the best one first.
        joint: by all columns together. It may be far above each alone, and for few rows somewhat below the best.
    """

    columns: Mapping[str, float]
    joint: float


@dataclass(frozen=True)
class ThresholdRule:
    """A rule on one number that stands in for an attribute.

    Attributes:
        group: whom the rule names.
        below: True for "value < threshold", False for "value >= threshold".
        threshold: halfway between two values that occur; minus infinity, with below False, if no threshold is better
            than naming every row.
        accuracy: share of the rows for which "the rule holds" and "the row is of the group" agree.
    """

    group: Any
    below: bool
    threshold: float
    accuracy: float


def proxies(
    features: SensitiveFeatures,
    *,
    sensitive_features: SensitiveFeatures,
    model: Literal["forest", "linear"] | Any = "forest",
    folds: int = 5,
    seed: int = 0,
) -> Proxies:
    """Predict the masked attribute from the other columns, one by one and together, in cross-validation.

    Ideal value: .5 everywhere. All that is learned is learned within the training part of a fold: also the scale of
    the numbers and the list of the words. A low score means that this model found nothing: a linear one passes what
    a forest finds, so the forest is the default.

    Args:
        features: (N, D) numbers, or a mapping or DataFrame of columns (N,). Numbers are standardised; all else, bools
            too, is one-hot. The attribute must not be among them.
        sensitive_features: (N,), or several columns, whose intersections are predicted; two groups or more.
        model: "forest" (100 trees), "linear" (logistic regression), or an unfitted scikit-learn classifier with
            `predict_proba`, which is cloned for each fold.
        folds: how many, at least 2, stratified and shuffled.
        seed: of the folds and the forest.

    Returns:
        For more than two groups the mean area of each group against the rest; always the mean over the folds.

    Raises:
        ValueError: if lengths differ, a number is NaN or infinite, a value is missing, there is one group only, or a
            group has fewer rows than folds.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    columns = {name: _usable(column, name) for name, column in feature_columns(features).items()}
    groups = find_groups(sensitive_features)
    check_lengths(features=len(next(iter(columns.values()))), sensitive_features=len(groups.codes))
    smallest = np.bincount(groups.codes).min()
    if len(groups.labels) < 2 or not 2 <= folds <= smallest:
        raise ValueError(
            "two groups at least were expected, with a row in each of the folds, which are 2 or more; "
            f"got {len(groups.labels)} groups, {smallest} rows in the smallest, and {folds} folds"
        )
    splits = list(StratifiedKFold(folds, shuffle=True, random_state=seed).split(groups.codes, groups.codes))

    def score(chosen: dict[str, np.ndarray]) -> float:
        table = np.column_stack([column.astype(object) for column in chosen.values()])
        numeric = [index for index, column in enumerate(chosen.values()) if column.dtype.kind == "f"]
        pipeline = _pipeline(numeric, table.shape[1], model, seed)
        return float(cross_val_score(pipeline, table, groups.codes, cv=splits, scoring="roc_auc_ovr").mean())

    alone = {name: score({name: column}) for name, column in columns.items()}
    ranked = dict(sorted(alone.items(), key=lambda item: -item[1]))
    return Proxies(ranked, score(columns) if len(columns) > 1 else next(iter(ranked.values())))


def threshold_rule(values: Values, *, sensitive_features: SensitiveFeatures) -> ThresholdRule:
    """The one comparison with a number that best tells a group from the rest, such as "age < 30".

    It shows how little masking may take away: a rule of accuracy 1 says the same as the masked column.

    Args:
        values: (N,) finite numbers.
        sensitive_features: (N,), or several columns, whose intersections are the groups.

    Returns:
        The rule of the highest accuracy, on the rows it was found on; of equally good ones the first group's, the one
        with "<", the lowest threshold.

    Raises:
        ValueError: if there is no row, lengths differ, or a value is not a finite number.

    Example:
        >>> rule = threshold_rule([22, 25, 41, 58], sensitive_features=["young", "young", "old", "old"])
        >>> rule.accuracy
        1.0
    """
    column = _usable(as_column(values, "values"), "values")
    if column.dtype.kind != "f":
        raise ValueError("values must be numbers, which can be compared with a threshold; got something else")
    groups = find_groups(sensitive_features)
    check_lengths(values=len(column), sensitive_features=len(groups.codes))
    distinct, index = np.unique(column, return_inverse=True)
    thresholds = np.concatenate([[-np.inf], (distinct[:-1] + distinct[1:]) / 2])
    best: ThresholdRule | None = None
    for code, group in enumerate(groups.labels):
        # Rows below each threshold: of the group a gain for "<", of the others a loss.
        sign = np.where(groups.codes == code, 1, -1)
        gain = np.bincount(index, sign, minlength=len(distinct))
        below = np.concatenate([[0], np.cumsum(gain)[:-1]])
        others = int((groups.codes != code).sum())
        # "value < -inf" names nobody, which is no rule.
        named_below = np.concatenate([[-1], (others + below)[1:]])
        for is_below, right in ((True, named_below), (False, len(column) - others - below)):
            highest = int(right.argmax())
            accuracy = float(right[highest] / len(column))
            if best is None or accuracy > best.accuracy:
                best = ThresholdRule(group, is_below, float(thresholds[highest]), accuracy)
    assert best is not None, "there is a row, and so a group"
    return best


def _usable(column: np.ndarray, name: str) -> np.ndarray:
    """Numbers as float64, checked; all else as text."""
    if column.dtype == object:
        find_groups({name: column})  # refuses a missing value
        column = np.asarray(column.tolist())
    if column.dtype.kind not in "iuf":
        return column.astype(str)
    if not np.isfinite(column).all():
        raise ValueError(f"{name} must hold finite numbers; got NaN or an infinity")
    return column.astype(np.float64)


def _pipeline(numeric: list[int], width: int, model: Any, seed: int) -> Any:
    """The columns made comparable and the classifier, as one thing to fit, so that no fold sees the others' scale."""
    from sklearn.base import clone
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    if isinstance(model, str):
        if model not in ("forest", "linear"):
            raise ValueError(f'model must be "forest", "linear" or a classifier; got {model!r}')
        forest = model == "forest"
        model = (
            # Leaves of a few rows, so that the trees rank rows rather than learn each by heart.
            RandomForestClassifier(min_samples_leaf=5, random_state=seed)
            if forest
            else LogisticRegression(max_iter=1000)
        )
    words = [index for index in range(width) if index not in numeric]
    columns = ColumnTransformer(
        [("numbers", StandardScaler(), numeric), ("words", OneHotEncoder(handle_unknown="ignore"), words)]
    )
    return make_pipeline(columns, clone(model))
