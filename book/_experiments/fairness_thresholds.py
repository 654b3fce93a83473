"""Record what the pages on thresholds and impossibility count: `python book/_experiments/fairness_thresholds.py`.

It takes seconds. FICO's tables and COMPAS are read through their loaders, which fetch 3 MB if they are not there.
FICO's tables may not be passed on: recorded are rates at every fourth score, to four digits, and the results of all
scores. Of COMPAS only counts are recorded.
"""

from __future__ import annotations

import numpy as np

from seeing import recorded
from seeing.data import Compas, load_compas, load_fico
from seeing.fairness import (
    credit_counts,
    fit_demographic_parity,
    fit_equal_opportunity,
    fit_equalized_odds,
    fit_maximum_profit,
    fit_single_threshold,
    outcomes_by_score,
    roc_curve,
)

COMMAND = "python book/_experiments/fairness_thresholds.py"
GAIN, COST = 0.18, 0.82  # of a loan repaid, of one not: it pays from 82% on
GRID = np.arange(0, 100, 2)
RULES = {
    "maximum profit": fit_maximum_profit,
    "single threshold": fit_single_threshold,
    "equal opportunity": fit_equal_opportunity,
    "equalised odds": fit_equalized_odds,
    "demographic parity": fit_demographic_parity,
}
RACES = {"Black": "African-American", "White": "Caucasian"}


def coarse_rates(counts: dict) -> dict[str, dict]:
    """For each group its people, its rate of repayment, and FPR and TPR at every fourth threshold."""
    found = {}
    for group, spread in counts.items():
        curve = roc_curve(spread)
        places = len(spread.scores) - np.searchsorted(spread.scores, GRID)  # the curve begins with nobody
        found[group] = {
            "people": round(spread.size),
            "repay": round(float(spread.positives.sum() / spread.size), 4),
            "fpr": curve.fpr[places].round(4).tolist(),
            "tpr": curve.tpr[places].round(4).tolist(),
        }
    return found


def results(counts: dict) -> dict[str, dict]:
    """What each rule does with all scores: the profit in percent of the most, and the rates of each group."""
    found, most = {}, None
    for name, fit in RULES.items():
        rates = fit(counts, false_positive_cost=COST, false_negative_cost=GAIN).expected_rates(counts)
        profit = rates.profit(GAIN, COST)
        most = most or profit
        found[name] = {
            "share": 100 * profit / most,
            **{rate: getattr(rates, rate).round(4).tolist() for rate in ("selection_rate", "tpr", "fpr")},
        }
    return found


def compas_scores(people: Compas) -> dict[str, list]:
    """For both large groups the people at the scores 1 to 10, [not charged again, charged again]."""
    found = outcomes_by_score(people.two_year_recid, people.decile_score, sensitive_features=people.race)
    table = {}
    for group, race in RACES.items():
        place = found.groups.index(race)
        both = np.stack([found.totals[place] - found.positives[place], found.positives[place]], 1)
        table[group] = both[found.scores >= 1].astype(int).tolist()
    return table


def main() -> None:
    """The record."""
    counts = credit_counts(load_fico())
    recorded.write(
        "thresholds",
        {
            "command": COMMAND,
            "thresholds": GRID.tolist(),
            "fico": coarse_rates(counts),
            "all scores": results(counts),
            "compas": compas_scores(load_compas()),
        },
        part="fairness",
    )


if __name__ == "__main__":
    main()
