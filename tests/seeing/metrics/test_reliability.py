"""Reliability bins: their edges on purpose, scikit-learn's calibration curve, ties, and empty bins."""

import math

import numpy as np
import pytest
import torch
from sklearn.calibration import calibration_curve

from seeing.kernels import reference as plain
from seeing.kernels.cpu.reliability import width_sums
from seeing.metrics import reliability_bins
from seeing.metrics.reliability import bin_index, gather_bins
from tests.reference import calibration as reference

REALS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


def test_a_case_by_hand():
    bins = reliability_bins(torch.tensor([0.1, 0.25, 0.3, 1.0]), torch.tensor([0, 1, 1, 0]), bins=4)
    assert bins.edges.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert bins.counts.tolist() == [2, 1, 0, 1]
    assert bins.confidence.tolist() == pytest.approx([0.175, 0.3, math.nan, 1], nan_ok=True)
    assert bins.accuracy.tolist() == pytest.approx([0.5, 1, math.nan, 0], nan_ok=True)


@pytest.mark.parametrize("dtype", REALS)
@pytest.mark.parametrize("count", [1, 2, 3, 7, 10, 15, 100])
def test_an_edge_belongs_to_the_bin_below_it(dtype, count):
    """A probability computed as i / bins, in its own type, and the numbers just below and above it."""
    edges = torch.tensor([i / count for i in range(count + 1)], dtype=torch.float64).to(dtype)
    labels = torch.zeros(count + 1, dtype=torch.int64)
    bins = reliability_bins(edges, labels, count)
    assert bins.edges.dtype == torch.float64
    assert torch.equal(bins.edges, edges.double())
    assert bins.counts.tolist() == [2] + [1] * (count - 1)  # 0 and the first edge share the first bin
    above = torch.nextafter(edges, torch.tensor(2, dtype=dtype))[:-1]
    assert reliability_bins(above, labels[1:], count).counts.tolist() == [1] * count
    below = torch.nextafter(edges, torch.tensor(-1, dtype=dtype))[1:]
    assert reliability_bins(below, labels[1:], count).counts.tolist() == [1] * count


@pytest.mark.parametrize("count", [1, 10, 15])
def test_0_and_1_lie_in_the_first_and_the_last_bin(count):
    bins = reliability_bins(torch.tensor([0.0, 0.0, 1.0, -0.0]), torch.tensor([1, 0, 1, 0]), count)
    assert bins.counts.sum() == 4
    assert bins.counts[0] == (4 if count == 1 else 3)
    assert bins.confidence[-1] == (0.25 if count == 1 else 1)


@pytest.mark.parametrize(("binning", "strategy"), [("width", "uniform"), ("mass", "quantile")])
@pytest.mark.parametrize("rows", [15, 47, 200])
@pytest.mark.parametrize("count", [3, 10, 15])
def test_equals_scikit_learn(binning, strategy, rows, count):
    generator = np.random.default_rng(rows + count)
    probabilities = generator.random(rows)
    labels = (generator.random(rows) < probabilities).astype(int)
    bins = reliability_bins(torch.from_numpy(probabilities), torch.from_numpy(labels), count, binning)
    accuracy, confidence = calibration_curve(labels, probabilities, n_bins=count, strategy=strategy)
    filled = bins.counts > 0
    np.testing.assert_allclose(bins.accuracy[filled], accuracy, rtol=0, atol=1e-12)
    np.testing.assert_allclose(bins.confidence[filled], confidence, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("rows", "count"), [(10, 3), (11, 3), (100, 7), (15, 15), (4, 10)])
def test_equal_mass_without_ties_differs_by_one_at_most(rows, count):
    probabilities = torch.rand(rows, generator=torch.Generator().manual_seed(rows))
    bins = reliability_bins(probabilities, torch.zeros(rows, dtype=torch.int64), count, "mass")
    assert bins.counts.sum() == rows
    assert bins.counts.max() - bins.counts.min() <= 1
    assert bins.edges[0] == probabilities.min()
    assert bins.edges[-1] == probabilities.max()


def test_ties_share_a_bin():
    probabilities = torch.tensor([0.2, 0.5, 0.5, 0.5, 0.5, 0.9])
    bins = reliability_bins(probabilities, torch.tensor([0, 1, 0, 1, 0, 1]), 3, "mass")
    assert bins.counts.tolist() == [5, 0, 1]
    same = reliability_bins(torch.full((6,), 0.3), torch.tensor([0, 1, 0, 1, 0, 1]), 3, "mass")
    assert same.counts.tolist() == [6, 0, 0]
    assert same.accuracy[0] == 0.5


@pytest.mark.parametrize("seed", range(5))
def test_classes_equal_the_slow_loops(seed):
    logits = torch.randn(50, 4, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    probabilities, labels = logits.softmax(1), logits.roll(seed, 0).argmax(1)
    events = reference.events(probabilities.tolist(), labels.tolist())
    for binning, into in (("width", reference.width_bins), ("mass", reference.mass_bins)):
        bins, wanted = reliability_bins(probabilities, labels, 6, binning), into(events, 6)
        assert bins.counts.tolist() == [len(b) for b in wanted]
        assert bins.accuracy.tolist() == pytest.approx(
            [sum(h for _, h in b) / len(b) if b else math.nan for b in wanted], nan_ok=True
        )


def assert_the_twin_agrees(probabilities: torch.Tensor, labels: torch.Tensor, count: int) -> None:
    """To the last bit: both decide by the same edges, and add in the same order."""
    fast = reliability_bins(probabilities, labels, count)
    with plain():
        slow = reliability_bins(probabilities, labels, count)
    for name in ("edges", "counts", "confidence", "accuracy"):
        torch.testing.assert_close(getattr(fast, name), getattr(slow, name), rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("count", [1, 2, 3, 7, 10, 15, 49, 100, 1000])
def test_the_twin_puts_each_edge_and_its_neighbours_where_the_plain_op_does(dtype, count):
    edges = torch.arange(count + 1, dtype=torch.float64) / count
    # Edges of the type itself, and those of the other type, which lie just beside.
    near = torch.cat([edges.to(dtype), edges.float().to(dtype), torch.tensor([0.0, -0.0, 1.0], dtype=dtype)])
    up, down = torch.tensor(2, dtype=dtype), torch.tensor(-1, dtype=dtype)
    values = torch.cat([near, near.nextafter(up), near.nextafter(down), near.nextafter(up).nextafter(up)]).clamp(0, 1)
    for other in (1, 3, 10, 15, count):
        assert_the_twin_agrees(values, torch.arange(len(values)) % 2, other)
    # One value at a time, so that no error hides behind another.
    for value in values[:: max(1, len(values) // 60)]:
        assert_the_twin_agrees(value[None], torch.ones(1, dtype=torch.int64), count)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("classes", [0, 1, 2, 10, 63, 64, 65])
def test_the_twin_agrees_on_many_rows(classes, dtype):
    generator = torch.Generator().manual_seed(classes)
    logits = 3 * torch.randn(2000, max(classes, 2), generator=generator, dtype=torch.float64)
    logits[::7] = logits[::7].round()  # ties
    logits[::11] *= 1000  # confidences of exactly 1
    labels = logits.argmax(1)
    labels[::3] = 0
    probabilities = logits.softmax(1).to(dtype)
    if classes < 2:
        probabilities = torch.ones(2000, 1, dtype=dtype) if classes else probabilities[:, 1]
        labels = labels * 0 if classes else labels
    for count in (1, 10, 15):
        assert_the_twin_agrees(probabilities, labels, count)
        assert_the_twin_agrees(probabilities[::2], labels[::2].to(torch.uint8), count)


@pytest.mark.parametrize("edges", [[0, 0.5, 0.5, 0.5, 1], [0, 0, 0, 0.25, 1], [0, 0.75, 0.875, 1, 1, 1], [0, 1]])
def test_the_twin_walks_over_edges_that_are_equal_or_far_from_even(edges):
    """So many bins that float32 cannot tell the edges apart would take long to try."""
    edges = torch.tensor(edges, dtype=torch.float64)
    confidence = torch.cat([edges, edges * 0.999, torch.linspace(0, 1, 41, dtype=torch.float64)])
    happened = torch.arange(len(confidence)) % 2 == 0
    wanted = gather_bins(confidence, happened, bin_index(confidence, edges), edges)
    counts, sums, events = width_sums(confidence, happened, edges)
    assert torch.equal(counts, wanted.counts)
    torch.testing.assert_close(sums / counts, wanted.confidence, rtol=0, atol=0, equal_nan=True)
    torch.testing.assert_close(events / counts, wanted.accuracy, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("shape", [(0,), (0, 3)])
def test_no_forecast(shape):
    for binning in ("width", "mass"):
        bins = reliability_bins(torch.zeros(shape), torch.zeros(0, dtype=torch.int64), 4, binning)
        assert bins.counts.tolist() == [0] * 4
        assert bins.confidence.isnan().all()
        assert bins.accuracy.isnan().all()
        assert bins.edges.shape == (5,)
        assert bins.edges.isnan().all() == (binning == "mass")


@pytest.mark.parametrize(("count", "binning"), [(0, "width"), (-1, "mass"), (15, "adaptive")])
def test_what_are_not_bins_is_refused(count, binning):
    with pytest.raises(ValueError, match=f'"width" or "mass"; got {count} and {binning!r}'):
        reliability_bins(torch.rand(3), torch.zeros(3, dtype=torch.int64), count, binning)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    probabilities = torch.rand(1000, generator=torch.Generator().manual_seed(0))
    labels = (probabilities > 0.4).long()
    for binning in ("width", "mass"):
        got = reliability_bins(probabilities.cuda(), labels.cuda(), 15, binning)
        wanted = reliability_bins(probabilities, labels, 15, binning)
        for name in ("edges", "counts", "confidence", "accuracy"):
            torch.testing.assert_close(getattr(got, name).cpu(), getattr(wanted, name), equal_nan=True)
