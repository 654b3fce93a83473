"""The ledger's record holds what its command finds in the data."""

import sys
from pathlib import Path

import numpy as np
import pytest

from seeing import recorded

EXPERIMENTS = Path(__file__).parents[2] / "book" / "_experiments"


@pytest.fixture
def ledger(monkeypatch, real_data):
    monkeypatch.setenv("SEEING_DATA", str(real_data))
    monkeypatch.syspath_prepend(EXPERIMENTS)
    import fairness_claims_ledger

    monkeypatch.setattr(fairness_claims_ledger, "DRAWS", 2)  # the intervals' draws change no figure
    yield fairness_claims_ledger
    del sys.modules["fairness_claims_ledger"]


def test_the_record_is_what_the_command_finds(ledger):
    known = {(c["case"], c["claim"]): c for c in recorded.load("claims_ledger")["claims"]}
    found = [claim for case in ledger.CASES for claim in case()]
    assert [(c.case, c.claim) for c in found] == list(known)
    for claim in found:
        entry = known[claim.case, claim.claim]
        assert entry["found"] == pytest.approx(claim.found, abs=1e-5), claim.claim
        assert entry["printed"] == claim.printed


def test_every_interval_holds_its_estimate():
    for claim in recorded.load("claims_ledger")["claims"]:
        if claim["low"] is not None:
            assert claim["low"] <= claim["found"] <= claim["high"], claim["claim"]
            assert np.isfinite([claim["low"], claim["high"]]).all()
