"""Rates of groups, row by row, in plain Python."""

from fractions import Fraction

WHOLE = {
    "selection_rate": lambda y, d: True,
    "true_positive_rate": lambda y, d: y == 1,
    "false_positive_rate": lambda y, d: y == 0,
    "true_negative_rate": lambda y, d: y == 0,
    "false_negative_rate": lambda y, d: y == 1,
    "positive_predictive_value": lambda y, d: d == 1,
    "negative_predictive_value": lambda y, d: d == 0,
    "accuracy": lambda y, d: True,
    "base_rate": lambda y, d: True,
}
PART = {
    "selection_rate": lambda y, d: d == 1,
    "true_positive_rate": lambda y, d: d == 1,
    "false_positive_rate": lambda y, d: d == 1,
    "true_negative_rate": lambda y, d: d == 0,
    "false_negative_rate": lambda y, d: d == 0,
    "positive_predictive_value": lambda y, d: y == 1,
    "negative_predictive_value": lambda y, d: y == 0,
    "accuracy": lambda y, d: y == d,
    "base_rate": lambda y, d: y == 1,
}


def rate(name, y_true, y_pred, weights=None) -> float | None:
    """One rate of one group; None if nobody is in its denominator."""
    weights = [1] * len(y_true) if weights is None else weights
    part = whole = Fraction(0)
    for y, d, weight in zip(y_true, y_pred, weights, strict=True):
        if WHOLE[name](y, d):
            whole += Fraction(float(weight))
            if PART[name](y, d):
                part += Fraction(float(weight))
    return float(part / whole) if whole else None


def rates(name, y_true, y_pred, groups, weights=None) -> dict:
    """Group to rate."""
    found = {}
    for group in sorted(set(groups)):
        rows = [i for i, other in enumerate(groups) if other == group]
        chosen = None if weights is None else [weights[i] for i in rows]
        found[group] = rate(name, [y_true[i] for i in rows], [y_pred[i] for i in rows], chosen)
    return found
