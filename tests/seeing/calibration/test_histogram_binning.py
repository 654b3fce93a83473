"""Histogram binning against slow loops: its edges on purpose, empty bins, weights."""

import numpy as np
import pytest
import torch

from seeing.calibration import fit_histogram
from seeing.metrics import ece, reliability_bins


def slow_histogram(probabilities, labels, weights, bins: int) -> list[float]:
    """The weighted share of y = 1 in the bin of each probability, bins (i / B, (i + 1) / B]."""
    places = [next(i for i in range(bins) if p <= (i + 1) / bins) for p in probabilities]
    result = []
    for mine in places:
        rows = [r for r, place in enumerate(places) if place == mine]
        total = sum(weights[r] for r in rows)
        result.append(sum(weights[r] * labels[r] for r in rows) / total if total else None)
    return [p if share is None else share for share, p in zip(result, probabilities, strict=True)]


def test_a_case_by_hand():
    fitted = fit_histogram([0.0, 0.25, 0.3, 1.0], [0, 1, 1, 0], bins=4)
    assert fitted.edges.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert fitted.probabilities.tolist() == pytest.approx([0.5, 1, np.nan, 0], nan_ok=True)
    assert fitted([0.1, 0.25, 0.26, 0.5, 0.6, 0.75, 0.76, 1]).tolist() == [0.5, 0.5, 1, 1, 0.6, 0.75, 0, 0]


@pytest.mark.parametrize("seed", range(10))
def test_equals_the_slow_loop(seed):
    generator = np.random.default_rng(seed)
    probabilities = generator.integers(0, 21, 60) / 20
    labels, weights = generator.integers(0, 2, 60), generator.integers(0, 3, 60)
    for bins in (1, 5, 20):
        got = fit_histogram(probabilities, labels, bins, sample_weight=weights)(probabilities)
        assert got.tolist() == pytest.approx(slow_histogram(probabilities, labels, weights, bins))


@pytest.mark.parametrize("binning", ["width", "mass"])
def test_bins_are_those_of_the_reliability_diagram_and_the_error_is_then_0(binning):
    generator = torch.Generator().manual_seed(0)
    probabilities = torch.rand(500, generator=generator)
    labels = (torch.rand(500, generator=generator) < probabilities**2).long()
    fitted, bins = (
        fit_histogram(probabilities, labels, 10, binning),
        reliability_bins(probabilities, labels, 10, binning),
    )
    assert torch.equal(fitted.edges, bins.edges)
    torch.testing.assert_close(fitted.probabilities, bins.accuracy)
    assert float(ece(fitted(probabilities), labels, 1000)) == pytest.approx(0, abs=1e-6)


def test_one_class_one_row_and_types():
    fitted = fit_histogram([0.9], [True], 2)
    assert fitted([0.1, 0.6]).tolist() == pytest.approx([0.1, 1])
    assert fitted(torch.tensor([0.1], dtype=torch.float16)).dtype == torch.float32
    assert fitted([]).shape == (0,)


@pytest.mark.parametrize(
    ("probabilities", "bins", "binning", "message"),
    [
        ([0.1, 1.1], 5, "width", r"probabilities must lie in \[0, 1\]; got 1.1"),
        ([0.1, np.nan], 5, "width", "probabilities must be finite; got nan"),
        ([0.1, 0.2], 0, "width", "bins must be at least 1"),
        ([0.1, 0.2], 5, "adaptive", "got 5 and 'adaptive'"),
        ([0.1], 5, "width", "N = 1"),
    ],
)
def test_bad_input_is_refused(probabilities, bins, binning, message):
    with pytest.raises(ValueError, match=message):
        fit_histogram(probabilities, [0, 1], bins, binning)
