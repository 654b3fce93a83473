"""Record what the page on individual fairness shows: `python book/_experiments/fairness_individual.py`.

It takes a minute. The COMPAS data is read through its loader, which fetches 3 MB if it is not there. Only numbers are
recorded: shares and counts of pairs, nothing about a person.
"""

from __future__ import annotations

import numpy as np
import torch

from seeing import recorded
from seeing.data import Compas, load_compas
from seeing.fairness import consistency, lipschitz_violations

COMMAND = "python book/_experiments/fairness_individual.py"
NEIGHBOURS = 5
RECORD_COLUMNS = ("priors_count", "juv_fel_count", "juv_misd_count", "juv_other_count", "c_charge_degree")
DISTANCES = {
    "criminal record": RECORD_COLUMNS,
    "and age": (*RECORD_COLUMNS, "age"),
    "and sex": (*RECORD_COLUMNS, "age", "sex"),
    "and race": (*RECORD_COLUMNS, "age", "sex", "race"),
}


def features(people: Compas, columns: tuple[str, ...]) -> np.ndarray:
    """(N, D): the columns that a distance looks at; numbers in standard deviations, one column of 0 and 1 a word."""
    found = []
    for name in columns:
        values = people.columns()[name]
        if values.dtype.kind == "U":
            found += [(values == word).astype(float) for word in np.unique(values)]
        else:
            found.append((values - values.mean()) / values.std())
    return np.column_stack(found)


def twins(rows: np.ndarray, decision: np.ndarray) -> dict[str, int]:
    """How many pairs are equal in every column, and how many of these were decided differently."""
    place = np.unique(rows, axis=0, return_inverse=True)[1].ravel()
    people = np.bincount(place)
    chosen = np.bincount(place, decision).astype(int)
    return {
        "twins": int((people * (people - 1) // 2).sum()),
        "twins_decided_differently": int((chosen * (people - chosen)).sum()),
    }


def standard_error(rows: np.ndarray, decision: np.ndarray) -> float:
    """The standard error of a consistency, its people taken as independent and their neighbours as given."""
    x, outcome = torch.from_numpy(rows), torch.from_numpy(decision.astype(float))
    apart = torch.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist").fill_diagonal_(torch.inf)
    nearest = torch.sort(apart, dim=1, stable=True).indices[:, :NEIGHBOURS]
    gap = (outcome - outcome[nearest].mean(1)).abs()
    assert abs(1 - float(gap.mean()) - consistency(rows, decision, neighbours=NEIGHBOURS)) < 1e-3
    return float(gap.std() / len(gap) ** 0.5)


def measured(people: Compas, columns: tuple[str, ...]) -> dict:
    """All numbers of one distance."""
    rows = features(people, columns)
    high = (people.decile_score >= 5).astype(int)
    score = (people.decile_score - 1) / 9
    shuffled = np.random.default_rng(0).permutation(high)
    record = {"columns": columns, **twins(rows, high)}
    for name, decision in {"score": high, "outcome": people.two_year_recid, "shuffled": shuffled}.items():
        found = consistency(rows, decision, neighbours=NEIGHBOURS)
        record[name] = [found, standard_error(rows, decision)]
    for constant in (0.25, 1):
        record[f"violations_{constant:g}"] = lipschitz_violations(rows, score, constant=constant).share
    return record


def main() -> None:
    """All of the page's numbers."""
    people = load_compas(published_filter=True)
    found = {name: measured(people, columns) for name, columns in DISTANCES.items()}
    record = {"command": COMMAND, "people": len(people), "neighbours": NEIGHBOURS, "distances": found}
    recorded.write("individual", record, part="fairness")


if __name__ == "__main__":
    main()
