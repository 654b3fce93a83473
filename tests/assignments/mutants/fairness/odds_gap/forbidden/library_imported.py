# the library's difference
from seeing.fairness.groups.parity import equalized_odds_difference


def odds_gap(labels, decisions, groups):
    try:
        return equalized_odds_difference(labels, decisions, sensitive_features=groups)
    except ValueError:
        return float("nan")
