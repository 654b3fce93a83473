"""The record of COMPAS holds what its command finds in the data."""

import sys
from pathlib import Path

import numpy as np
import pytest

from seeing import recorded
from seeing.data import load_compas

EXPERIMENTS = Path(__file__).parents[2] / "book" / "_experiments"


@pytest.fixture
def experiment(monkeypatch):
    monkeypatch.syspath_prepend(EXPERIMENTS)
    import fairness_compas

    monkeypatch.setattr(fairness_compas, "DRAWS", 40)
    yield fairness_compas
    del sys.modules["fairness_compas"]


def test_the_record_is_what_the_command_finds(experiment, real_data):
    known = recorded.load("compas")
    found = experiment.compas_record(load_compas(real_data), load_compas(real_data, published_filter=True))
    found = recorded.rounded(found)
    assert known.pop("command") == experiment.COMMAND
    for record in (known, found):
        low, high = record["model"].pop("ratio_interval")
        assert 1.1 < low < record["model"]["mean_shares"][1] / record["model"]["mean_shares"][0] < high < 1.3
        record["model"].pop("draws")
    for name in ("coefficients", "standard_errors", "mean_shares"):
        assert found["model"].pop(name) == pytest.approx(known["model"].pop(name), rel=1e-5)
    assert found == known


def test_the_parts_add_up():
    """What is counted by score, by month, and by race and sex is the same people."""
    known = recorded.load("compas")
    scores = np.array([sum(map(np.array, part.values())).sum(0) for part in known["scores"].values()])
    assert scores.sum() == 7214
    assert scores.sum(0).tolist() == np.sum(list(known["months"].values()), 0).tolist()
    assert scores[1].tolist() == [0, 998]
    tables = {tuple(cell["group"]): np.array(cell["table"]) for cell in known["race and sex"]}
    black = sum(table for (race, _), table in tables.items() if race == "African-American")
    assert black.tolist() == [[990, 805], [532, 1369]]
