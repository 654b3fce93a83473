"""Soft suppression, against a slow loop and by hand, by the compiled loop and by the readable ops."""

import contextlib

import pytest
import torch

from seeing import ops
from seeing.kernels import reference
from tests.reference import boxes as slow

SERVED = {"twin": contextlib.nullcontext, "reference": reference}
BOXES = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 5], [20, 20, 30, 30], [0, 0, 10, 10]])
SCORES = torch.tensor([0.8, 0.6, 0.7, 0.8])


def scene(n, seed, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    corner = torch.randint(0, 30, (n, 2), generator=generator)
    boxes = torch.cat([corner, corner + torch.randint(0, 25, (n, 2), generator=generator)], 1)
    return boxes.to(dtype), (torch.randint(0, 40, (n,), generator=generator) / 40).to(dtype)


@pytest.fixture(params=SERVED.values(), ids=SERVED.keys())
def served(request):
    with request.param():
        yield


@pytest.mark.usefixtures("served")
def test_linear_by_hand():
    """Box 0 meets box 1 with IoU exactly 1/2, the threshold, and its equal, box 3, with 1."""
    keep, scores = ops.soft_nms(BOXES, SCORES, iou_threshold=0.5)
    assert keep.tolist() == [0, 2, 1]
    torch.testing.assert_close(scores, torch.tensor([0.8, 0.7, 0.3]))
    keep, scores = ops.soft_nms(BOXES, SCORES, iou_threshold=0.51, min_score=0)
    assert keep.tolist() == [0, 2, 1, 3]
    torch.testing.assert_close(scores, torch.tensor([0.8, 0.7, 0.6, 0.0]))


@pytest.mark.usefixtures("served")
def test_gaussian_by_hand():
    keep, scores = ops.soft_nms(BOXES[:3], SCORES[:3], sigma=0.25, method="gaussian")
    assert keep.tolist() == [0, 2, 1]
    torch.testing.assert_close(scores, torch.tensor([0.8, 0.7, 0.6 * 0.36787944]))  # exp(-.5^2 / .25) = 1 / e


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("method", ["linear", "gaussian"])
@pytest.mark.parametrize("min_score", [0, 0.001, 0.2])
def test_it_equals_the_slow_loop(method, min_score):
    for seed in range(20):
        boxes, scores = scene(40, seed)
        keep, lowered = ops.soft_nms(boxes, scores, 0.3, 0.5, min_score, method)
        wanted, wanted_scores = slow.soft_nms(boxes.tolist(), scores.tolist(), 0.3, 0.5, min_score, method)
        assert keep.tolist() == wanted
        torch.testing.assert_close(lowered, torch.tensor(wanted_scores, dtype=torch.float64), rtol=1e-13, atol=0)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("method", ["linear", "gaussian"])
def test_scores_fall_and_disjoint_boxes_keep_theirs(method):
    boxes, scores = scene(300, 1, torch.float32)
    keep, lowered = ops.soft_nms(boxes, scores, method=method)
    assert (lowered.diff() <= 0).all()
    assert (lowered <= scores[keep]).all()
    apart = torch.arange(50.0)[:, None] * 10 + torch.tensor([0.0, 0, 5, 5])
    keep, lowered = ops.soft_nms(apart, torch.linspace(0.1, 1, 50), method=method)
    assert keep.tolist() == list(range(49, -1, -1))
    assert torch.equal(lowered, torch.linspace(0.1, 1, 50).flip(0))


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_empty_and_all_too_low(dtype):
    for n in (0, 3):
        keep, lowered = ops.soft_nms(torch.zeros(n, 4, dtype=dtype), torch.zeros(n, dtype=dtype))
        assert keep.shape == lowered.shape == (0,)
        assert keep.dtype == torch.int64
        assert lowered.dtype == dtype


@pytest.mark.usefixtures("served")
def test_half_precision_and_strided_input():
    boxes, scores = scene(60, 2, torch.float32)
    keep, _ = ops.soft_nms(boxes, scores)
    table = torch.cat([boxes, scores[:, None]], 1)
    assert torch.equal(ops.soft_nms(table[:, :4], table[:, 4])[0], keep)
    half_keep, half = ops.soft_nms(boxes.half(), scores.half())
    assert half.dtype == torch.float16
    assert torch.equal(ops.soft_nms(boxes.half().float(), scores.half().float())[0], half_keep)


@pytest.mark.parametrize("method", ["linear", "gaussian"])
def test_gradients(method):
    generator = torch.Generator().manual_seed(3)
    corner = torch.rand(6, 2, generator=generator, dtype=torch.float64) * 5
    boxes = torch.cat([corner, corner + 6], 1).requires_grad_()
    scores = torch.linspace(0.2, 0.9, 6, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(lambda b, s: ops.soft_nms(b, s, 0.1, method=method)[1], (boxes, scores))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("method", ["linear", "gaussian"])
def test_on_a_gpu(method):
    boxes, scores = scene(100, 4)
    keep, lowered = ops.soft_nms(boxes.cuda(), scores.cuda(), method=method)
    wanted, wanted_scores = ops.soft_nms(boxes, scores, method=method)
    assert torch.equal(keep.cpu(), wanted)
    torch.testing.assert_close(lowered.cpu(), wanted_scores)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.soft_nms(BOXES, SCORES, method="naive"), "method must be linear or gaussian; got 'naive'"),
        (lambda: ops.soft_nms(BOXES, SCORES, sigma=0), "sigma must be over 0; got 0"),
        (lambda: ops.soft_nms(BOXES, SCORES, min_score=-1), "min_score must be at least 0; got -1"),
        (lambda: ops.soft_nms(BOXES, -SCORES), "scores must be at least 0; got -0.8"),
        (lambda: ops.soft_nms(BOXES, SCORES * torch.nan), "scores must be without NaN"),
        (lambda: ops.soft_nms(-BOXES, SCORES), "x1 <= x2 and y1 <= y2"),
        (lambda: ops.soft_nms(BOXES, SCORES[:2]), r"scores must be \(4,\)"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
