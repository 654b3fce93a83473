"""Record what the pages on COMPAS and on group criteria count: `python book/_experiments/fairness_compas.py`.

It takes a few seconds. The data is read through its loader, which fetches 2.5 MB if it is not there. Recorded are
counts of people, and the coefficients of a model; nothing about a person.
"""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from tqdm import tqdm

from seeing import recorded
from seeing.data import Compas, load_compas
from seeing.fairness import LogisticFit, compas_as_race, compas_design, fit_logistic, group_counts, outcomes_by_score

COMMAND = "python book/_experiments/fairness_compas.py"
BLACK, WHITE = "African-American", "Caucasian"
CUT_OFF = np.datetime64("2014-04-01")
DRAWS = 400


def counts_by_score(people: Compas) -> dict[str, list]:
    """For each group the people at the scores 1 to 10, [not charged again, charged again]."""
    found = outcomes_by_score(people.two_year_recid, people.decile_score, sensitive_features=people.race)
    both = np.stack([found.totals - found.positives, found.positives], -1).astype(int)  # (G, S, 2)
    table = np.zeros((len(found.groups), 10, 2), int)
    table[:, found.scores - 1] = both
    return dict(zip(found.groups, table.tolist(), strict=True))


def counts_by_month(people: Compas) -> dict[str, list[int]]:
    """How many were screened in each month, by the outcome."""
    months = people.compas_screening_date.astype("datetime64[M]")
    names, place = np.unique(months, return_inverse=True)
    table = np.bincount(place * 2 + people.two_year_recid, minlength=2 * len(names)).reshape(-1, 2)
    return {str(name): row for name, row in zip(names, table.tolist(), strict=True)}


def counts_by_race_and_sex(people: Compas) -> list[dict]:
    """[[TN, FP], [FN, TP]] of the score of 5 and more, for the intersections of the two large groups with sex."""
    some = people.rows(np.isin(people.race, [BLACK, WHITE]))
    features = {"race": some.race, "sex": some.sex}
    found = group_counts(some.two_year_recid, some.decile_score >= 5, sensitive_features=features)
    tables = found.rows.tolist()
    return [{"group": group, "table": table} for group, table in zip(found.groups, tables, strict=True)]


def shares_by_race(design: np.ndarray, outcome: np.ndarray, names: list[str]) -> tuple[np.ndarray, LogisticFit]:
    """(2, N) how often each would get a score of 5 and more, as White and as Black; and the model that says so."""
    fit = fit_logistic(design, outcome)
    log_odds = [compas_as_race(names, design, race) @ fit.coefficients for race in (WHITE, BLACK)]
    return 1 / (1 + np.exp(-np.stack(log_odds))), fit


def logistic_model(people: Compas) -> dict:
    """ProPublica's model, and the ratio of the mean shares with a bootstrap interval over people, fitted anew.

    Of the eleven Native Americans three have a low score. A draw in which no such person is has no fit: it is left out.
    """
    names, design = compas_design(people)
    outcome = people.score_text != "Low"
    shares, fit = shares_by_race(design, outcome, names)
    random = np.random.default_rng(0)
    ratios = []
    for _ in tqdm(range(DRAWS), "model"):
        drawn = random.integers(0, len(people), len(people))
        with suppress(ValueError):
            white, black = shares_by_race(design[drawn], outcome[drawn], names)[0].mean(1)
            ratios.append(black / white)
    return {
        "people": len(people),
        "names": names,
        "coefficients": fit.coefficients.tolist(),
        "standard_errors": fit.standard_errors.tolist(),
        "mean_shares": shares.mean(1).tolist(),
        "draws": len(ratios),
        "ratio_interval": np.quantile(ratios, [0.025, 0.975]).tolist(),
    }


def compas_record(people: Compas, chosen: Compas) -> dict:
    """All that the two pages count: of everybody, and the model of the published regression's rows."""
    early = people.compas_screening_date <= CUT_OFF
    return {
        "scores": {"early": counts_by_score(people.rows(early)), "late": counts_by_score(people.rows(~early))},
        "months": counts_by_month(people),
        "race and sex": counts_by_race_and_sex(people),
        "model": logistic_model(chosen),
    }


def main() -> None:
    """The record."""
    record = compas_record(load_compas(), load_compas(published_filter=True))
    recorded.write("compas", {"command": COMMAND, **record}, part="fairness")


if __name__ == "__main__":
    main()
