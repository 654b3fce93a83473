"""The streaming calibration metrics: any split into batches and any merge gives what one call gives."""

import math
import pickle

import pytest
import torch

from seeing.metrics import CalibrationMetrics, brier, ece, mce, nll, reliability_bins


def forecasts(seed: int, rows: int, classes: int, dtype=torch.float64) -> tuple[torch.Tensor, torch.Tensor]:
    """Softmax rows, or (N,) if classes is 0, and labels that follow them half of the time."""
    generator = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(rows, max(classes, 2), generator=generator, dtype=torch.float64)
    labels = torch.randint(max(classes, 2), (rows,), generator=generator)
    labels = torch.where(torch.rand(rows, generator=generator) < 0.5, logits.argmax(1), labels)
    probabilities = logits.softmax(1).to(dtype)
    return (probabilities if classes else probabilities[:, 1]), labels


def gathered(probabilities, labels, sizes, **options) -> CalibrationMetrics:
    metrics = CalibrationMetrics(10, **options)
    for part in zip(probabilities.split(sizes), labels.split(sizes), strict=True):
        metrics.update(*part)
    return metrics


@pytest.mark.parametrize("options", [{}, {"keep_rows": True}, {"binning": "mass"}], ids=str)
@pytest.mark.parametrize("sizes", [[90], [40, 0, 49, 1], [30] * 3], ids=str)
@pytest.mark.parametrize("classes", [0, 2, 40])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_batches_do_not_matter(sizes, classes, dtype, options):
    probabilities, labels = forecasts(classes, 90, classes, dtype)
    got = gathered(probabilities, labels, sizes, **options).compute()
    binning = options.get("binning", "width")
    bins = reliability_bins(probabilities, labels, 10, binning)
    near = {"rel": 1e-6 if dtype == torch.float32 else 1e-12}
    filled = bins.counts > 0
    assert got == {
        "confidence": pytest.approx(float((bins.counts * bins.confidence)[filled].sum() / 90), **near),
        "accuracy": pytest.approx(float((bins.counts * bins.accuracy)[filled].sum() / 90), **near),
        "nll": pytest.approx(float(nll(probabilities, labels)), **near),
        "brier": pytest.approx(float(brier(probabilities, labels)), **near),
        "ece": pytest.approx(float(ece(probabilities, labels, 10, binning)), **near),
        "mce": pytest.approx(float(mce(probabilities, labels, 10, binning)), **near),
    }


@pytest.mark.parametrize("binning", ["width", "mass"])
def test_the_bins_are_those_of_one_call(binning):
    probabilities, labels = forecasts(1, 90, 3)
    got, wanted = (
        gathered(probabilities, labels, 7, binning=binning).reliability,
        reliability_bins(probabilities, labels, 10, binning),
    )
    assert torch.equal(got.counts, wanted.counts)
    assert torch.equal(got.edges, wanted.edges)
    torch.testing.assert_close(got.confidence, wanted.confidence, equal_nan=True)
    torch.testing.assert_close(got.accuracy, wanted.accuracy, equal_nan=True)


def test_float32_forecasts_at_the_edges_fall_where_one_call_puts_them():
    probabilities = torch.arange(11) / 10
    labels = torch.arange(11) % 2
    for keep in (False, True):
        metrics = gathered(probabilities, labels, 4, keep_rows=keep)
        assert torch.equal(metrics.reliability.counts, reliability_bins(probabilities, labels, 10).counts)


def test_the_known_case():
    metrics = CalibrationMetrics()
    metrics.update(torch.tensor([0.95], dtype=torch.float64), torch.tensor([1]))
    metrics.update(torch.tensor([1.0], dtype=torch.float64), torch.tensor([0]))
    assert metrics.compute()["ece"] == 0.475
    assert metrics.compute()["nll"] == math.inf


@pytest.mark.parametrize("options", [{}, {"keep_rows": True}, {"binning": "mass"}], ids=str)
def test_merging_and_pickling_are_as_good_as_seeing_all(options):
    probabilities, labels = forecasts(2, 90, 5)
    parts = [gathered(probabilities[s], labels[s], 20, **options) for s in (slice(0, 30), slice(30, 31), slice(31, 90))]
    first, *others = pickle.loads(pickle.dumps(parts))
    for other in others:
        first.merge(other)
    assert first.compute() == pytest.approx(gathered(probabilities, labels, 90, **options).compute(), rel=1e-12)


@pytest.mark.parametrize("binning", ["width", "mass"])
def test_before_the_first_row_all_scores_are_nan(binning):
    metrics = CalibrationMetrics(4, binning)
    metrics.update(torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64))
    assert all(map(math.isnan, metrics.compute().values()))
    assert metrics.reliability.counts.tolist() == [0] * 4


def test_gradients_are_not_kept():
    probabilities, labels = forecasts(3, 20, 3)
    metrics = gathered(probabilities.requires_grad_(), labels, 20, keep_rows=True)
    assert not metrics.reliability.confidence.requires_grad
    assert not math.isnan(metrics.compute()["ece"])


@pytest.mark.parametrize("binning", ["width", "mass"])
def test_the_interval_of_a_mean_holds_it_and_that_of_ece_is_drawn_like_it(binning):
    probabilities, labels = forecasts(4, 300, 4)
    metrics = gathered(probabilities, labels, 100, binning=binning, keep_rows=True)
    scores = metrics.compute()
    for name in ("confidence", "accuracy", "nll", "brier"):
        interval = metrics.bootstrap(name, samples=200)
        assert interval.low < scores[name] < interval.high
    draws = torch.Generator().manual_seed(0)
    by_hand = []
    for _ in range(20):
        draw = torch.randint(300, (300,), generator=draws)
        by_hand.append(float(ece(probabilities[draw], labels[draw], 10, binning)))
    wanted = torch.tensor(by_hand).double().quantile(torch.tensor([0.025, 0.975]).double()).tolist()
    assert metrics.bootstrap(samples=20) == pytest.approx(wanted, abs=1e-6)
    assert metrics.bootstrap(samples=20) == metrics.bootstrap("ece", samples=20, seed=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CalibrationMetrics(0), "bins must be at least 1"),
        (lambda: CalibrationMetrics(5, "adaptive"), "got 5 and 'adaptive'"),
        (lambda: CalibrationMetrics().update(torch.tensor([1.5]), torch.tensor([1])), "got 1.5"),
        (
            lambda: CalibrationMetrics(5).merge(CalibrationMetrics(6)),
            r"\(5, 'width', False\) and \(6, 'width', False\)",
        ),
        (lambda: CalibrationMetrics().bootstrap(), "keep_rows=True"),
        (lambda: CalibrationMetrics(keep_rows=True).bootstrap(), "count 0"),
        (lambda: CalibrationMetrics(keep_rows=True).bootstrap("auc"), "one of confidence, .*got 'auc'"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("binning", ["width", "mass"])
def test_it_follows_its_inputs_to_the_gpu(binning):
    probabilities, labels = forecasts(5, 90, 3)
    metrics = gathered(probabilities[:30], labels[:30], 30, binning=binning, keep_rows=True)
    metrics.update(probabilities[30:].cuda(), labels[30:].cuda())
    whole = gathered(probabilities, labels, 90, binning=binning, keep_rows=True)
    assert metrics.compute() == pytest.approx(whole.compute())
    assert metrics.bootstrap(samples=10) == pytest.approx(whole.bootstrap(samples=10))
    whole.merge(metrics)
