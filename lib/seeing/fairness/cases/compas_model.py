"""ProPublica's logistic model: what goes with a COMPAS score that is not low, all else of the model being equal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seeing.data.compas import Compas
from seeing.fairness.inputs import numbers

INDICATORS = {
    "sex": ("Female",),
    "age_cat": ("Greater than 45", "Less than 25"),
    "race": ("African-American", "Asian", "Hispanic", "Native American", "Other"),
    "c_charge_degree": ("M",),
}


def compas_design(compas: Compas) -> tuple[list[str], np.ndarray]:
    """The columns of the model.

    The person that the intercept speaks of is a white man of 25 to 45, charged with a felony, with no earlier charge
    and none in the next two years.

    Args:
        compas: N defendants; the published model is of the 6,172 of `published_filter=True`.

    Returns:
        The 12 names, and the design matrix, (N, 12) float64.
    """
    columns = {"intercept": np.ones(len(compas.race))}
    for feature, levels in INDICATORS.items():
        columns |= {level: getattr(compas, feature) == level for level in levels}
    columns["priors_count"] = compas.priors_count
    columns["two_year_recid"] = compas.two_year_recid
    return list(columns), np.stack([column.astype(np.float64) for column in columns.values()], 1)


def compas_as_race(names: list[str], design: np.ndarray, race: str) -> np.ndarray:
    """The same people, but all of one race: for what the model would say of them then.

    Args:
        names: of the columns, as `compas_design` gives them.
        design: (N, 12), as it gives them.
        race: "Caucasian", which has no column, or one of the five that have.

    Returns:
        A changed copy, (N, 12) float64.

    Raises:
        ValueError: if there is no such race.
    """
    if race not in ("Caucasian", *INDICATORS["race"]):
        raise ValueError(f"race must be one of Caucasian, {', '.join(INDICATORS['race'])}; got {race!r}")
    design = numbers(design, "design")
    if design.ndim != 2 or design.shape[1] != len(names):
        raise ValueError(f"design must be (N, {len(names)}), a column for each name; got {design.shape}")
    for level in INDICATORS["race"]:
        design[:, names.index(level)] = level == race
    return design


@dataclass(frozen=True, eq=False)
class LogisticFit:
    """A maximum-likelihood fit.

    Attributes:
        coefficients: (K,) float64, log odds per unit.
        standard_errors: (K,) float64, from the inverse of the information matrix.
    """

    coefficients: np.ndarray
    standard_errors: np.ndarray


def fit_logistic(design: np.ndarray, outcome: np.ndarray, max_steps: int = 50) -> LogisticFit:
    """Fit P(Y=1) = sigmoid(design @ coefficients) by Newton's method, without regularisation.

    Args:
        design: (N, K) finite numbers, a column of ones among them if an intercept is wanted.
        outcome: (N,) of 0 and 1, or bool.
        max_steps: of Newton's method.

    Returns:
        The fit, to rounding.

    Raises:
        ValueError: if the shapes do not match or the outcome is of one class only; if columns depend on each other;
            or if the steps do not converge, as when a column separates the classes.

    Source: McCullagh and Nelder, Generalized linear models (1989), section 4.4.
    """
    design, outcome = numbers(design, "design"), numbers(outcome, "outcome")
    if design.ndim != 2 or outcome.shape != design.shape[:1]:
        raise ValueError(f"design must be (N, K) and outcome (N,); got {design.shape} and {outcome.shape}")
    if set(np.unique(outcome)) != {0.0, 1.0}:
        raise ValueError("outcome must hold 0 and 1, both of them")
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise ValueError("the columns of design must not depend on each other; leave out one level of each feature")
    coefficients = np.zeros(design.shape[1])
    for _ in range(max_steps):
        rate = 1 / (1 + np.exp(-np.clip(design @ coefficients, -500, 500)))
        information = design.T @ (design * (rate * (1 - rate))[:, None])
        try:
            covariance = np.linalg.inv(information)
        except np.linalg.LinAlgError:
            break
        step = covariance @ (design.T @ (outcome - rate))
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-10 * max(1, np.abs(coefficients).max()):
            return LogisticFit(coefficients, np.sqrt(covariance.diagonal()))
    raise ValueError(f"no fit after {max_steps} steps: the columns may separate the classes")
