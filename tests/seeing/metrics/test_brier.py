"""The Brier score and its parts, against slow loops and scikit-learn, and the identity between them."""

import math

import pytest
import torch
from sklearn.metrics import brier_score_loss

from seeing.metrics import brier, brier_decomposition
from tests.reference import calibration as reference


def forecasts(seed: int, rows: int, classes: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Rounded to tenths where classes is 0, so that forecasts repeat."""
    generator = torch.Generator().manual_seed(seed)
    if classes == 0:
        probabilities = torch.randint(11, (rows,), generator=generator).double() / 10
        return probabilities, (torch.rand(rows, generator=generator) < probabilities).long()
    logits = torch.randn(rows, classes, generator=generator, dtype=torch.float64)
    return logits.softmax(1), torch.randint(classes, (rows,), generator=generator)


def test_a_case_by_hand():
    probabilities, labels = torch.tensor([0.2, 0.2, 0.8, 0.8]).double(), torch.tensor([0, 1, 1, 1])
    assert float(brier(probabilities, labels)) == pytest.approx((0.04 + 0.64 + 0.04 + 0.04) / 4)
    parts = brier_decomposition(probabilities, labels, bins=None)
    # Two groups of two: rates .5 and 1 beside .2 and .8, around .75.
    assert float(parts.reliability) == pytest.approx((0.3**2 + 0.2**2) / 2)
    assert float(parts.resolution) == pytest.approx(0.25**2)
    assert float(parts.uncertainty) == pytest.approx(0.75 * 0.25)
    assert float(parts.within_bin_variance) == 0
    assert float(parts.within_bin_covariance) == 0


@pytest.mark.parametrize("classes", [0, 2, 5])
@pytest.mark.parametrize("seed", range(3))
def test_equals_the_slow_loops_and_scikit_learn(classes, seed):
    probabilities, labels = forecasts(seed, 200, classes)
    got = brier(probabilities, labels)
    assert got.dtype == torch.float64
    assert float(got) == pytest.approx(reference.brier(probabilities.tolist(), labels.tolist()), abs=1e-12)
    assert float(got) == pytest.approx(brier_score_loss(labels, probabilities, scale_by_half=classes == 0), abs=1e-12)
    single = brier(probabilities.float(), labels)
    assert single.dtype == torch.float32
    torch.testing.assert_close(single, got.float())


def test_two_classes_score_twice_the_binary_one():
    probabilities, labels = forecasts(0, 30, 2)
    torch.testing.assert_close(brier(probabilities, labels), 2 * brier(probabilities[:, 1], labels))


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_certain_forecasts_score_0_and_2(dtype):
    certain = torch.eye(3, dtype=dtype)
    assert brier(certain, torch.tensor([0, 1, 2])) == 0
    assert brier(certain, torch.tensor([1, 2, 0])) == 2
    assert brier(torch.tensor([0, 1], dtype=dtype), torch.tensor([False, True])) == 0
    assert brier(torch.tensor([0, 1], dtype=dtype), torch.tensor([True, False])) == 1


@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("bins", [None, 1, 4, 15])
@pytest.mark.parametrize("seed", range(4))
def test_the_parts_add_up_to_the_score(classes, bins, seed):
    probabilities, labels = forecasts(seed, 120, classes)
    parts = brier_decomposition(probabilities, labels, bins)
    assert float(parts.score) == pytest.approx(float(brier(probabilities, labels)), abs=1e-12)
    for name in ("reliability", "resolution", "uncertainty", "within_bin_variance"):
        assert getattr(parts, name) >= 0
    if bins is None:  # Murphy's identity: nothing is left inside a bin
        assert float(parts.within_bin_variance) == 0
        assert float(parts.within_bin_covariance) == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_parts_equal_the_slow_loops(seed):
    probabilities, labels = forecasts(seed, 100, 0)
    events = reference.events(probabilities.tolist(), labels.tolist())
    levels = [[pair for pair in events if pair[0] == level] for level in sorted({p for p, _ in events})]
    for bins, groups in ((None, levels), (4, reference.width_bins(events, 4))):
        parts = brier_decomposition(probabilities, labels, bins)
        got = [float(part) for part in (parts.reliability, parts.resolution, parts.uncertainty)]
        assert got == pytest.approx(reference.murphy(groups), abs=1e-12)


def test_no_forecast_gives_nan():
    none = torch.zeros(0, dtype=torch.int64)
    for probabilities in (torch.zeros(0), torch.zeros(0, 3)):
        assert brier(probabilities, none).isnan()
        for bins in (None, 5):
            parts = brier_decomposition(probabilities, none, bins)
            assert math.isnan(parts.score)
            assert math.isnan(parts.reliability)


def test_gradients():
    probabilities, labels = forecasts(1, 9, 3)
    logits = probabilities.log().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: brier(x.softmax(1), labels), logits)
    assert torch.autograd.gradcheck(lambda x: brier(x.sigmoid()[:, 0], labels > 1), logits)


def test_bad_input_is_refused_with_what_was_expected():
    with pytest.raises(ValueError, match=r"lie in \[0, 1\]; got 1.5"):
        brier(torch.tensor([1.5]), torch.tensor([1]))
    with pytest.raises(ValueError, match="must sum to 1"):
        brier_decomposition(torch.tensor([[0.5, 0.4]]), torch.tensor([1]))
    with pytest.raises(ValueError, match="at least 1, or None; got 0"):
        brier_decomposition(torch.tensor([0.5]), torch.tensor([1]), bins=0)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    probabilities, labels = forecasts(2, 100, 4)
    torch.testing.assert_close(brier(probabilities.cuda(), labels.cuda()).cpu(), brier(probabilities, labels))
    for bins in (None, 15):
        got = brier_decomposition(probabilities.cuda(), labels.cuda(), bins)
        torch.testing.assert_close(got.resolution.cpu(), brier_decomposition(probabilities, labels, bins).resolution)
