"""The made-up findings against the normal theory that they are drawn from."""

from statistics import NormalDist

import numpy as np
import pytest

from seeing.fairness.cases.radiology import simulate_findings
from seeing.fairness.thresholds.operating_points import operating_point, rescale_to_operating_point

PHI = NormalDist().cdf


def test_rates_are_those_of_the_theory():
    findings = simulate_findings(60_000, seed=1)
    assert findings.scores.shape == findings.present.shape == (60_000, 3)
    assert findings.present.mean(0) == pytest.approx([0.3, 0.1, 0.2], abs=0.006)
    assert (findings.group == "underserved").mean() == pytest.approx(0.4, abs=0.006)
    cut = 0.5  # in evidence
    called = findings.scores >= 1 / (1 + np.exp(-cut))
    for place, offset in enumerate((-1.0, -3.0, 1.0)):
        for group, shift in (("served", 0.0), ("underserved", 0.8)):
            member, sick = findings.group == group, findings.present[:, place]
            sensitivity = called[member & sick, place].mean()
            assert sensitivity == pytest.approx(PHI(offset + 1.25 - shift - cut), abs=0.025)
            specificity = 1 - called[member & ~sick, place].mean()
            assert specificity == pytest.approx(PHI(cut - offset + 1.25), abs=0.015)


def test_only_the_sick_of_one_group_are_scored_too_low():
    findings = simulate_findings(500)
    wronged = findings.present & (findings.group == "underserved")[:, None]
    assert (findings.scores[wronged] < findings.fair_scores[wronged]).all()
    assert np.array_equal(findings.scores[~wronged], findings.fair_scores[~wronged])
    fair = simulate_findings(500, shift=0)
    assert np.array_equal(fair.scores, fair.fair_scores)
    assert np.array_equal(fair.fair_scores, findings.fair_scores)


def test_one_threshold_after_rescaling_hides_no_group():
    """All findings are decided at .5; the underserved sick are missed more often, as with the raw thresholds."""
    findings = simulate_findings(20_000)
    points = [operating_point(findings.present[:, k], findings.fair_scores[:, k], sensitivity=0.85) for k in range(3)]
    assert max(points) - min(points) > 0.2
    called = rescale_to_operating_point(findings.scores, points) >= 0.5
    assert np.array_equal(called, findings.scores >= points)
    wronged = (findings.group == "underserved")[:, None]
    for k in range(3):
        sick = findings.present[:, k]
        served, underserved = (called[sick & side, k].mean() for side in (~wronged[:, 0], wronged[:, 0]))
        assert served == pytest.approx(0.85, abs=0.03)
        assert underserved == pytest.approx(PHI(NormalDist().inv_cdf(0.85) - 0.8), abs=0.05)


def test_a_seed_and_bad_input():
    assert np.array_equal(simulate_findings(5, seed=3).scores, simulate_findings(5, seed=3).scores)
    assert simulate_findings(1).group.shape == (1,)
    with pytest.raises(ValueError, match="got count 0"):
        simulate_findings(0)
    with pytest.raises(ValueError, match="2 offsets for 3 findings"):
        simulate_findings(5, offsets=(0, 1))
    with pytest.raises(ValueError, match=r"0\.2, 1\.5"):
        simulate_findings(5, underserved=1.5)
