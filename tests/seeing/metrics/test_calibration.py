"""Calibration errors and NLL, plain and compiled, against slow loops, torchmetrics, torch and recorded networks."""

import math
import os
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.metrics import log_loss
from torchmetrics.functional.classification import binary_calibration_error, multiclass_calibration_error

from seeing.kernels import reference as plain
from seeing.metrics import classwise_ece, ece, mce, nll
from tests.reference import calibration as reference

BACKENDS = pytest.mark.parametrize("backend", [nullcontext, plain], ids=["fast", "plain"])


def forecasts(seed: int, rows: int, classes: int, dtype=torch.float64) -> tuple[torch.Tensor, torch.Tensor]:
    """Softmax rows, (N,) if classes is 0, and labels that follow them half of the time."""
    generator = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(rows, max(classes, 2), generator=generator, dtype=torch.float64)
    probabilities = logits.softmax(1)
    labels = torch.randint(max(classes, 2), (rows,), generator=generator)
    labels = torch.where(torch.rand(rows, generator=generator) < 0.5, probabilities.argmax(1), labels)
    return (probabilities if classes else probabilities[:, 1]).to(dtype), labels


@BACKENDS
def test_the_known_case(backend):
    """Both forecasts lie in the last of 15 bins: |(.95 + 1) / 2 - 1 / 2|. A confidence of 1 is not lost."""
    probabilities, labels = torch.tensor([0.95, 1.0]), torch.tensor([1, 0])
    with backend():
        assert ece(probabilities, labels, bins=15) == 0.475
        assert ece(probabilities.double().round(decimals=2), labels, bins=15).item() == 0.475
        as_classes = torch.stack([1 - probabilities, probabilities], 1).double().round(decimals=2)
        assert ece(as_classes, labels, bins=15).item() == 0.475
    assert float(binary_calibration_error(probabilities, labels, n_bins=15)) == pytest.approx(0.525)


@BACKENDS
@pytest.mark.parametrize("classes", [0, 1, 2, 3, 10, 31, 32, 33, 70])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equal_the_slow_loops(backend, classes, dtype):
    probabilities, labels = forecasts(classes, 60, classes, dtype)
    if classes == 1:
        probabilities, labels = torch.ones(60, 1, dtype=dtype), labels * 0
    events = reference.events(probabilities.tolist(), labels.tolist())
    near = {"rel": 1e-6 if dtype == torch.float32 else 1e-12, "abs": 1e-9}
    with backend():
        for bins in (1, 4, 15):
            width, mass = reference.width_bins(events, bins), reference.mass_bins(events, bins)
            for norm in (1, 2, 1.5, math.inf):
                assert float(ece(probabilities, labels, bins, norm=norm)) == pytest.approx(
                    reference.error(width, norm), **near
                )
                assert float(ece(probabilities, labels, bins, "mass", norm)) == pytest.approx(
                    reference.error(mass, norm), **near
                )
            assert mce(probabilities, labels, bins) == ece(probabilities, labels, bins, norm=math.inf)
        assert float(nll(probabilities, labels)) == pytest.approx(
            reference.nll(probabilities.tolist(), labels.tolist()), **near
        )


@BACKENDS
@pytest.mark.parametrize(("norm", "name"), [(1, "l1"), (2, "l2"), (math.inf, "max")])
@pytest.mark.parametrize("bins", [10, 15])
def test_equal_torchmetrics_where_no_confidence_is_1(backend, bins, norm, name):
    probabilities, labels = forecasts(3, 2000, 7, torch.float32)
    wanted = multiclass_calibration_error(probabilities, labels, 7, n_bins=bins, norm=name)
    with backend():
        torch.testing.assert_close(ece(probabilities, labels, bins, norm=norm), wanted)
    probabilities, labels = forecasts(3, 2000, 0, torch.float32)
    # The binary one of torchmetrics speaks of y = 1, as ours does.
    wanted = binary_calibration_error(probabilities, labels, n_bins=bins, norm=name)
    torch.testing.assert_close(ece(probabilities, labels, bins, norm=norm), wanted)


def test_nll_equals_torch_and_scikit_learn():
    probabilities, labels = forecasts(4, 300, 6)
    torch.testing.assert_close(nll(probabilities, labels), F.nll_loss(probabilities.log(), labels))
    assert float(nll(probabilities, labels)) == pytest.approx(log_loss(labels, probabilities))
    probabilities, labels = forecasts(4, 300, 0)
    torch.testing.assert_close(nll(probabilities, labels), F.binary_cross_entropy(probabilities, labels.double()))


def test_nll_at_probability_0_and_1():
    assert nll(torch.tensor([[1.0, 0.0]]), torch.tensor([0])) == 0
    assert nll(torch.tensor([[1.0, 0.0]]), torch.tensor([1])) == math.inf
    assert nll(torch.tensor([1.0, 0.0]), torch.tensor([1, 0])) == 0
    assert nll(torch.tensor([0.0]), torch.tensor([1])) == math.inf
    assert nll(torch.tensor([1.0]), torch.tensor([False])) == math.inf


@BACKENDS
def test_the_first_of_equal_classes_is_the_answer(backend):
    probabilities = torch.tensor([[0.1, 0.45, 0.45]]).expand(3, -1)
    with backend():
        assert float(ece(probabilities, torch.tensor([1, 1, 1]))) == pytest.approx(0.55)
        assert float(ece(probabilities, torch.tensor([2, 2, 2]))) == pytest.approx(0.45)
        assert float(ece(probabilities, torch.tensor([0, 0, 0]))) == pytest.approx(0.45)
        wide = torch.full((2, 100), 0.01)
        assert float(ece(wide, torch.tensor([0, 99]))) == pytest.approx(0.49)


@BACKENDS
def test_minus_zero_is_zero(backend):
    probabilities = torch.tensor([[-0.0, 1.0], [0.25, 0.75]])
    with backend():
        assert float(ece(probabilities, torch.tensor([1, 1]))) == pytest.approx(0.125)


@BACKENDS
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_answers_in_float32(backend, dtype):
    logits = torch.randn(200, 40, generator=torch.Generator().manual_seed(5)) * 2
    probabilities, labels = logits.softmax(1).to(dtype), logits.argmax(1)
    with backend():
        for score in (ece, mce, classwise_ece, nll):
            got = score(probabilities, labels)
            assert got.dtype == torch.float32
            assert float(got) == pytest.approx(float(score(logits.softmax(1), labels)), rel=0.2)


@BACKENDS
def test_views_and_other_integers(backend):
    probabilities, labels = forecasts(6, 50, 40)
    wanted = ece(probabilities, labels)
    with backend():
        assert ece(probabilities.t().contiguous().t(), labels.to(torch.uint8)) == wanted
        assert ece(probabilities.repeat_interleave(2, 0)[::2], labels.repeat_interleave(3)[::3].int()) == wanted
    assert ece(probabilities[:, 1] / 2, labels == 1) == ece(probabilities[:, 1] / 2, (labels == 1).short())


def test_classwise_is_the_mean_over_one_against_all():
    probabilities, labels = forecasts(7, 80, 4)
    for binning, into in (("width", reference.width_bins), ("mass", reference.mass_bins)):
        errors = []
        for k in range(4):
            pairs = [(p, y == k) for p, y in zip(probabilities[:, k].tolist(), labels.tolist(), strict=True)]
            errors.append(reference.error(into(pairs, 10)))
        assert float(classwise_ece(probabilities, labels, 10, binning)) == pytest.approx(sum(errors) / 4)
    assert ece(probabilities, labels, 10, "adaptive") == classwise_ece(probabilities, labels, 10, "mass")
    assert classwise_ece(probabilities[:, 1], labels == 1) == ece(probabilities[:, 1], labels == 1)
    assert ece(probabilities[:, 1], labels == 1, 10, "adaptive") == ece(probabilities[:, 1], labels == 1, 10, "mass")


def test_equal_mass_does_not_depend_on_the_order_of_the_rows():
    probabilities = torch.tensor([0.5] * 7 + [0.75, 0.25])
    labels = torch.tensor([1, 0, 1, 1, 0, 0, 1, 1, 0])
    order = torch.randperm(9, generator=torch.Generator().manual_seed(0))
    assert ece(probabilities, labels, 3, "mass") == ece(probabilities[order], labels[order], 3, "mass")


@BACKENDS
@pytest.mark.parametrize("score", [ece, mce, classwise_ece, nll])
def test_no_forecast_gives_nan(backend, score):
    none = torch.zeros(0, dtype=torch.int64)
    with backend():
        assert score(torch.zeros(0, 3), none).isnan()
        assert score(torch.zeros(0, dtype=torch.float64), none).isnan()
    for binning in ("mass", "adaptive"):
        assert ece(torch.zeros(0, 3), none, binning=binning).isnan()


def test_gradients():
    probabilities, labels = forecasts(8, 12, 3)
    logits = probabilities.log().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: nll(x.softmax(1), labels), logits)
    assert torch.autograd.gradcheck(lambda x: ece(x.softmax(1), labels, 5), logits)
    assert torch.autograd.gradcheck(lambda x: classwise_ece(x.softmax(1), labels, 3), logits)


P, Y = torch.tensor([[0.5, 0.5], [0.25, 0.75]]), torch.tensor([0, 1])


@BACKENDS
@pytest.mark.parametrize("score", [ece, classwise_ece, nll])
@pytest.mark.parametrize(
    ("probabilities", "labels", "message"),
    [
        (P[None], Y, r"floating point, \(N, K\) or \(N,\); got torch.float32 \(1, 2, 2\)"),
        (P.long(), Y, "floating point.*got torch.int64"),
        (P[:, :0], Y, r"got torch.float32 \(2, 0\)"),
        (P, Y[:1], r"labels must be \(N,\) with N = 2; got \(1,\)"),
        (P, Y[:, None], r"got \(2, 1\)"),
        (P, Y.double(), "labels must be integers; got torch.float64"),
        (P, Y.bool(), "labels must be integers; got torch.bool"),
        (P[:, 0], Y.float(), "integers or bool; got torch.float32"),
        (P, Y.to("meta"), "one device; got cpu and meta"),
        (P + torch.tensor([[0, 0], [0, math.nan]]), Y, r"lie in \[0, 1\]; got nan"),
        (P - torch.tensor([[0, 0], [0.5, -0.5]]), Y, r"lie in \[0, 1\]; got -0.25"),
        (P[:, 0] + math.inf, Y, r"lie in \[0, 1\]; got inf"),
        (P[:, 0] + 0.5000001, Y, r"lie in \[0, 1\]; got 1.0"),
        (P * 0.99, Y, r"must sum to 1, as after a softmax; got 0.99"),
        (P, Y + 1, r"labels must lie in 0\.\.1; got 2"),
        (P, Y - 1, r"labels must lie in 0\.\.1; got -1"),
        (P[:, 0], Y + 1, r"labels must lie in 0\.\.1; got 2"),
    ],
)
def test_bad_forecasts_are_refused_with_what_was_expected(backend, score, probabilities, labels, message):
    with backend(), pytest.raises(ValueError, match=message):
        score(probabilities, labels)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ece(P, Y, 0), "bins must be at least 1.*got 0"),
        (lambda: ece(P, Y, binning="quantile"), "got 15 and 'quantile'"),
        (lambda: ece(P, Y, norm=0.5), "norm must be at least 1; got 0.5"),
        (lambda: ece(P, Y, norm=math.nan), "got nan"),
        (lambda: classwise_ece(P, Y, binning="adaptive"), "got 15 and 'adaptive'"),
    ],
)
def test_bad_settings_are_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def recorded(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """10,000 test outputs of a trained network."""
    if "SEEING_DATA" not in os.environ:
        pytest.skip("SEEING_DATA does not say where the real data is")
    file = Path(os.environ["SEEING_DATA"]) / "calibration" / f"{name}.npz"
    if not file.exists():
        pytest.skip(f"{file} is missing")
    record = np.load(file)
    return torch.from_numpy(record["predictions"]), torch.from_numpy(record["ground_truth"]).ravel()


@BACKENDS
@pytest.mark.parametrize(
    ("name", "error", "largest", "half"),
    [
        ("densenet-bc-100-cifar-100", 0.142153, 0.313162, 0.1447),
        ("lenet-5-cifar-10", 0.107888, 0.185821, 0.1193),
    ],
)
def test_recorded_networks(backend, name, error, largest, half):
    probabilities, labels = recorded(name)
    with backend():
        assert float(ece(probabilities, labels)) == pytest.approx(error, abs=1e-6)
        assert float(mce(probabilities, labels)) == pytest.approx(largest, abs=1e-6)
        assert float(ece(probabilities[5000:], labels[5000:])) == pytest.approx(half, abs=5e-5)
        # Both are overconfident in every bin, so that any bins give the gap of the means.
        gap = float(probabilities.amax(1).double().mean() - (probabilities.argmax(1) == labels).double().mean())
        assert float(ece(probabilities, labels, binning="mass")) == pytest.approx(gap, abs=1e-6)
    theirs = multiclass_calibration_error(probabilities, labels, probabilities.shape[1], n_bins=15)
    missed = int((probabilities.amax(1) == 1).sum())
    assert float(theirs) == pytest.approx(error, abs=1e-5 if missed else 1e-6)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    for classes in (0, 9):
        probabilities, labels = forecasts(9, 500, classes)
        for score in (ece, mce, classwise_ece, nll):
            got = score(probabilities.cuda(), labels.cuda())
            assert got.is_cuda
            torch.testing.assert_close(got.cpu(), score(probabilities, labels))
        torch.testing.assert_close(
            ece(probabilities.cuda(), labels.cuda(), binning="mass").cpu(), ece(probabilities, labels, binning="mass")
        )
