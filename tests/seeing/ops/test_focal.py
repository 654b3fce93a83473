"""Focal losses, against torchvision, against the paper's formula in Python's floats and against cross-entropy."""

import pytest
import torch
import torch.nn.functional as F
import torchvision

from seeing.ops.cross_entropy import cross_entropy
from seeing.ops.focal import sigmoid_focal_loss, softmax_focal_loss
from tests.reference import losses as reference


def data(dtype=torch.float64, soft=False):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(7, 11, generator=generator, dtype=dtype) * 5
    t = torch.rand(7, 11, generator=generator, dtype=dtype)
    return x, t if soft else (t > 0.8).to(dtype)


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("alpha", [0.25, 0.0, 1.0, -1])
@pytest.mark.parametrize("gamma", [2, 0, 1, 3.5])
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_equals_torchvision_with_gradient(soft, alpha, gamma, reduction):
    x, t = data(soft=soft)
    x.requires_grad_()
    wanted = torchvision.ops.sigmoid_focal_loss(x, t, alpha, gamma, reduction)
    got = sigmoid_focal_loss(x, t, alpha, gamma, reduction)
    torch.testing.assert_close(got, wanted, rtol=1e-12, atol=1e-13)
    slopes = [torch.autograd.grad(loss.sum(), x)[0] for loss in (got, wanted)]
    torch.testing.assert_close(*slopes, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_equals_torchvision_in_short_dtypes(dtype):
    x, t = data(dtype)
    wanted = torchvision.ops.sigmoid_focal_loss(x, t)
    got = sigmoid_focal_loss(x, t)
    assert got.dtype == dtype
    torch.testing.assert_close(got, wanted, rtol=8 * torch.finfo(dtype).eps, atol=2 * torch.finfo(dtype).eps)


@pytest.mark.parametrize("x", [-100.0, -10, -1, 0, 1, 10, 100, 700])
@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize("gamma", [0, 0.5, 1, 2, 5])
def test_equals_the_formula_up_to_logits_of_700(x, target, gamma):
    logit = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    loss = sigmoid_focal_loss(logit, torch.tensor(target), gamma=gamma)
    assert loss.item() == pytest.approx(reference.sigmoid_focal(x, target, 0.25, gamma), rel=1e-9, abs=1e-14)
    loss.backward()
    assert logit.grad.isfinite()


def test_by_hand():
    """A logit of 0 is a probability of 1/2: log 2, times 1/4 for gamma 2, times alpha or 1 - alpha."""
    got = sigmoid_focal_loss(torch.zeros(2), torch.tensor([1.0, 0]))
    torch.testing.assert_close(got, torch.tensor([0.25, 0.75]) * 0.25 * torch.tensor(2.0).log())


@pytest.mark.parametrize("shape", [(4, 6), (2, 6, 3, 3), (6,)])
@pytest.mark.parametrize("gamma", [0, 0.5, 2])
def test_softmax_focal_equals_the_formula(shape, gamma):
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(shape, generator=generator, dtype=torch.float64) * 3
    axis = min(1, len(shape) - 1)
    labels = torch.randint(0, 6, x.movedim(axis, -1).shape[:-1], generator=generator)
    got = softmax_focal_loss(x, labels, gamma=gamma)
    p = x.softmax(axis).gather(axis, labels.unsqueeze(axis)).squeeze(axis)
    torch.testing.assert_close(got, -((1 - p) ** gamma) * p.log(), rtol=1e-10, atol=1e-14)


def test_softmax_focal_of_two_classes_equals_the_sigmoid_one():
    x, t = data()
    logits = torch.stack([torch.zeros_like(x), x], dim=1)
    wanted = sigmoid_focal_loss(x, t, alpha=0.25)
    got = softmax_focal_loss(logits, t.long(), torch.tensor([0.75, 0.25]).double())
    torch.testing.assert_close(got, wanted, rtol=1e-9, atol=1e-13)


def test_softmax_focal_with_gamma_0_is_cross_entropy_with_void():
    x, t = data()
    logits, labels = torch.stack([-x, x, x * 0], dim=1), t.long()
    labels[0] = 255
    for reduction in ("none", "mean", "sum"):
        got = softmax_focal_loss(logits, labels, gamma=0, reduction=reduction)
        torch.testing.assert_close(got, cross_entropy(logits, labels, reduction=reduction))


def test_all_void_and_nothing_at_all():
    x = torch.randn(2, 3, 4, requires_grad=True)
    loss = softmax_focal_loss(x, torch.full((2, 4), 255), reduction="mean")
    loss.backward()
    assert loss.item() == 0
    assert x.grad.abs().max() == 0
    assert sigmoid_focal_loss(torch.zeros(0, 4), torch.zeros(0, 4)).shape == (0, 4)
    assert sigmoid_focal_loss(torch.zeros(0), torch.zeros(0), reduction="mean").item() == 0
    assert softmax_focal_loss(torch.zeros(0, 3), torch.zeros(0).long(), reduction="mean").item() == 0


@pytest.mark.parametrize("gamma", [0.5, 2])
def test_softmax_focal_stays_finite_for_sure_answers(gamma):
    x = torch.tensor([[1000.0, -1000], [100, -100], [-1000, 1000]], requires_grad=True)
    loss = softmax_focal_loss(x, torch.zeros(3).long(), gamma=gamma)
    loss.sum().backward()
    assert loss.tolist() == [0, 0, 2000]
    assert x.grad.isfinite().all()


def test_gradients():
    x, t = data(soft=True)
    assert torch.autograd.gradcheck(sigmoid_focal_loss, (x.requires_grad_(), t.requires_grad_()))
    logits = torch.randn(3, 4, 2, dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([[0, 1], [3, 255], [2, 2]])
    weight = torch.tensor([1.0, 2, 3, 4]).double()
    assert torch.autograd.gradcheck(lambda z: softmax_focal_loss(z, labels, weight, reduction="mean"), logits)


def test_not_contiguous_integer_targets_and_no_change_of_input():
    x, t = data(torch.float32)
    before = x.clone(), t.clone()
    wanted = sigmoid_focal_loss(x, t)
    torch.testing.assert_close(sigmoid_focal_loss(x.T, t.T.long()), wanted.T)
    assert torch.equal(x, before[0])
    assert torch.equal(t, before[1])
    assert F.binary_cross_entropy_with_logits(x, t) == sigmoid_focal_loss(x, t, -1, 0, "mean")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    x, t = data(torch.float32)
    torch.testing.assert_close(sigmoid_focal_loss(x.cuda(), t.cuda()).cpu(), sigmoid_focal_loss(x, t))
    labels = torch.arange(7) % 11
    torch.testing.assert_close(softmax_focal_loss(x.cuda(), labels.cuda()).cpu(), softmax_focal_loss(x, labels))


X = torch.zeros(2, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sigmoid_focal_loss(X, torch.zeros(3, 2)), r"\(2, 3\) and \(3, 2\)"),
        (lambda: sigmoid_focal_loss(X.long(), X), "inputs must be floating point.*int64"),
        (lambda: sigmoid_focal_loss(X, X, alpha=1.5), r"alpha must be in \[0, 1\].*got 1.5"),
        (lambda: sigmoid_focal_loss(X, X, gamma=-1), "gamma must be at least 0; got -1"),
        (lambda: sigmoid_focal_loss(X, X, reduction="max"), "got 'max'"),
        (lambda: softmax_focal_loss(X, torch.tensor([0, 3])), r"0\.\.2 or 255 \(void\); got 3"),
        (lambda: softmax_focal_loss(X, torch.tensor([0, 1]), torch.ones(4)), r"weight must be \(3,\); got \(4,\)"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
