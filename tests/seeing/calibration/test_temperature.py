"""Temperature scaling against scikit-learn, a bounded search, hand-made cases, and recorded networks."""

import math

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.optimize import minimize_scalar
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression

from seeing.calibration import TemperatureScaling, fit_temperature
from seeing.data import load_calibration_records
from seeing.metrics import ece, nll


def answers(seed: int, rows: int = 300, classes: int = 5, spread: float = 3) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits that are `spread` times too large, and labels drawn from the right ones."""
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(rows, classes, generator=generator, dtype=torch.float64) * 2
    return logits * spread, torch.multinomial(logits.softmax(1), 1, generator=generator)[:, 0]


def slow_temperature(logits, labels, weights=None) -> float:
    """A search on the mean negative log-likelihood, for log T."""
    logits, labels = np.asarray(logits), np.asarray(labels)

    def loss(log_t: float) -> float:
        scaled = logits / math.exp(log_t)
        scaled = scaled - scaled.max(1, keepdims=True)
        rows = np.log(np.exp(scaled).sum(1)) - scaled[np.arange(len(labels)), labels]
        return np.average(rows, weights=weights)

    return math.exp(minimize_scalar(loss, bounds=(-5, 5), method="bounded", options={"xatol": 1e-10}).x)


def test_a_case_by_hand():
    """Logits of log-odds 4 log 3, right three times of four: the odds should be 3, so T = 4."""
    logits = torch.tensor([4 * math.log(3)] * 4, dtype=torch.float64)
    fitted = fit_temperature(logits, [1, 1, 1, 0])
    assert fitted.temperature == pytest.approx(4, rel=1e-12)
    assert fitted(logits).tolist() == pytest.approx([0.75] * 4)
    two = torch.stack([torch.zeros(4), logits], 1)
    assert fit_temperature(two, [1, 1, 1, 0]).temperature == pytest.approx(4, rel=1e-12)
    assert fitted(two)[0].tolist() == pytest.approx([0.25, 0.75])


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("spread", [0.1, 1, 30])
def test_equals_the_search(seed, spread):
    logits, labels = answers(seed, classes=2 + seed, spread=spread)
    weights = torch.rand(300, generator=torch.Generator().manual_seed(seed)).double() * (labels != 0)
    assert fit_temperature(logits, labels).temperature == pytest.approx(slow_temperature(logits, labels), rel=1e-6)
    got = fit_temperature(logits, labels, sample_weight=weights).temperature
    assert got == pytest.approx(slow_temperature(logits, labels, weights), rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_equals_scikit_learn(seed):
    generator = np.random.default_rng(seed)
    x, y = generator.normal(size=(400, 3)), generator.integers(3, size=400)
    x[np.arange(400), y] += 1.5
    model = LogisticRegression(C=100).fit(x[:40], y[:40])
    theirs = CalibratedClassifierCV(FrozenEstimator(model), method="temperature").fit(x[40:], y[40:])
    ours = fit_temperature(model.decision_function(x[40:]), y[40:])
    inverse = theirs.calibrated_classifiers_[0].calibrators[0].beta_
    assert ours.temperature == pytest.approx(1 / inverse, abs=1e-5)
    np.testing.assert_allclose(ours(model.decision_function(x)), theirs.predict_proba(x), rtol=0, atol=1e-5)


def test_saturated_logits_do_not_diverge():
    """At T = 1 every softmax is 0 or 1, where an undamped Newton step flies off."""
    logits, labels = answers(0, spread=2000)
    wanted = fit_temperature(logits / 2000, labels).temperature * 2000
    assert fit_temperature(logits, labels).temperature == pytest.approx(wanted, rel=1e-9)
    assert fit_temperature(logits / 1e6, labels).temperature == pytest.approx(wanted / 1e6, rel=1e-9)


def test_a_shift_of_a_row_and_the_order_of_rows_do_not_matter():
    logits, labels = answers(1)
    wanted = fit_temperature(logits, labels).temperature
    assert fit_temperature(logits + 1e6, labels).temperature == pytest.approx(wanted, rel=1e-7)
    assert fit_temperature(logits.flip(0), labels.flip(0)).temperature == pytest.approx(wanted, rel=1e-12)


def test_weights_count_rows():
    logits, labels = answers(2, rows=40)
    repeats = torch.arange(40) % 4
    twice = logits.repeat_interleave(repeats, 0), labels.repeat_interleave(repeats)
    got = fit_temperature(logits, labels, sample_weight=repeats)
    assert got.temperature == pytest.approx(fit_temperature(*twice).temperature, rel=1e-12)
    assert fit_temperature(logits, labels, sample_weight=repeats * 0.25).temperature == pytest.approx(got.temperature)


def test_the_limits():
    """All right: the likelihood rises as T falls. As wrong as right: it rises as T grows. No difference: T = 1."""
    logits = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 0.0]])
    assert fit_temperature(logits, [0, 1, 0]).temperature == pytest.approx(math.exp(-10))
    assert fit_temperature(logits, [1, 0, 1]).temperature == pytest.approx(math.exp(10))
    assert fit_temperature(logits[:2] * 0 + 7, [0, 1]).temperature == 1
    assert fit_temperature(logits[:, :1], [0, 0, 0]).temperature == 1
    assert fit_temperature(logits[:1], [0]).temperature == pytest.approx(math.exp(-10))
    assert fit_temperature([2.0, 3.0], [1, 1]).temperature == pytest.approx(math.exp(-10))


def test_answers_stay_and_types_are_kept():
    logits, labels = answers(3)
    fitted = fit_temperature(logits, labels)
    assert torch.equal(fitted(logits).argmax(1), logits.argmax(1))
    for dtype, out in ((torch.float64, torch.float64), (torch.float32, torch.float32), (torch.float16, torch.float32)):
        assert fitted(logits.to(dtype)).dtype == out
    assert torch.equal(fitted(logits.numpy()), fitted(logits))
    assert fit_temperature(pd.DataFrame(logits.numpy()), pd.Series(labels.numpy())) == fitted
    assert fit_temperature(logits.tolist(), labels.tolist()).temperature == pytest.approx(fitted.temperature, rel=1e-5)
    assert fitted(torch.zeros(0, 5)).shape == (0, 5)
    assert torch.autograd.gradcheck(fitted, logits[:3].requires_grad_())


@pytest.mark.parametrize(
    ("logits", "labels", "weights", "message"),
    [
        ([[1.0, math.nan]], [0], None, "logits must be finite; got nan"),
        ([[1.0, -math.inf]], [0], None, "got -inf: clip probabilities before their log"),
        ([[[1.0]]], [0], None, r"\(N,\) or \(N, K\) real numbers; got torch.float64 \(1, 1, 1\)"),
        ([["a", "b"]], [0], None, "logits must be numbers"),
        ([[1.0, 2.0]], [0, 1], None, r"labels must be \(N,\) integers or bool, N = 1; got torch.int64 \(2,\)"),
        ([[1.0, 2.0]], [0.0], None, "integers or bool.*float64"),
        ([[1.0, 2.0]], [2], None, r"labels must lie in 0\.\.1; got 2"),
        ([1.0, 2.0], [0, -1], None, r"labels must lie in 0\.\.1; got -1"),
        ([[1.0, 2.0]], [0], [1, 2], r"sample_weight must be \(N,\) with N = 1; got \(2,\)"),
        ([[1.0, 2.0]], [0], [-1.0], "finite and at least 0; got -1.0"),
        ([[1.0, 2.0]], [0], [0.0], "at least one row of positive weight; got 1 rows without"),
        (torch.zeros(0, 2), torch.zeros(0, dtype=torch.int64), None, "at least one row"),
    ],
)
def test_bad_input_is_refused(logits, labels, weights, message):
    with pytest.raises(ValueError, match=message):
        fit_temperature(logits, labels, sample_weight=weights)


@pytest.mark.parametrize(
    ("model", "temperature", "before", "after"),
    [("densenet-bc-100-cifar-100", 2.1209, 0.1447, 0.0137), ("lenet-5-cifar-10", 1.3736, 0.1193, 0.0224)],
)
def test_recorded_networks(real_data, model, temperature, before, after):
    records = load_calibration_records(real_data, download=False, model=model)
    logits = records.probabilities.double().clamp(min=1e-30).log()
    fitted = fit_temperature(logits[:5000], records.labels[:5000])
    rest, labels = logits[5000:], records.labels[5000:]
    assert fitted.temperature == pytest.approx(temperature, abs=5e-5)
    assert fitted.temperature == pytest.approx(slow_temperature(logits[:5000], records.labels[:5000]), abs=1e-5)
    assert float(ece(records.probabilities[5000:], labels)) == pytest.approx(before, abs=5e-5)
    assert float(ece(fitted(rest), labels)) == pytest.approx(after, abs=5e-5)
    assert nll(fitted(rest), labels) < nll(TemperatureScaling(1.0)(rest), labels)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    logits, labels = answers(4)
    fitted = fit_temperature(logits.cuda(), labels.cuda())
    assert fitted.temperature == pytest.approx(fit_temperature(logits, labels).temperature)
    torch.testing.assert_close(fitted(logits.cuda()).cpu(), fitted(logits))
