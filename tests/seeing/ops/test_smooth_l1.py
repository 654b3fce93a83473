"""Smooth L1, against torch, against the formula and worked by hand."""

import pytest
import torch
import torch.nn.functional as F

from seeing.ops.smooth_l1 import smooth_l1_loss
from tests.reference import losses as reference

# Below, exactly at and above every beta tried.
A = torch.tensor([[0.0, 0.5, 1, 1.5], [-0.25, -1, 2, -100]])


@pytest.mark.parametrize("beta", [0.0, 1 / 9, 0.5, 1.0])
def test_equals_torch_and_the_formula(beta):
    b = torch.zeros_like(A)
    for reduction in ("none", "mean", "sum"):
        wanted = F.smooth_l1_loss(A, b, reduction=reduction, beta=beta)
        assert torch.equal(smooth_l1_loss(A, b, beta, reduction=reduction), wanted)
    got = smooth_l1_loss(A, b, beta, reduction="none").flatten().tolist()
    assert got == pytest.approx([reference.smooth_l1(a, 0, beta) for a in A.flatten().tolist()])


def test_by_hand():
    assert smooth_l1_loss(A, A * 0, reduction="none").tolist() == [[0, 0.125, 0.5, 1], [0.03125, 0.5, 1.5, 99.5]]


def test_the_mean_of_nothing_is_zero_where_torch_gives_nan():
    nothing = torch.zeros(0, 4, requires_grad=True)
    assert F.smooth_l1_loss(nothing, nothing.detach()).isnan()
    loss = smooth_l1_loss(nothing, nothing.detach())
    loss.backward()
    assert (loss.item(), nothing.grad.shape) == (0, (0, 4))
    assert smooth_l1_loss(nothing, nothing, reduction="none").shape == (0, 4)


def test_half_precision_and_views():
    b = torch.ones(4, 2)
    assert torch.equal(smooth_l1_loss(A.T, b, reduction="none"), smooth_l1_loss(A, b.T, reduction="none").T)
    assert smooth_l1_loss(A.half(), A.half()).dtype == torch.float16


@pytest.mark.parametrize("beta", [0.3, 1.0])
def test_gradient(beta):
    a = torch.randn(3, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64, requires_grad=True)
    b = torch.zeros(3, 5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, y: smooth_l1_loss(x, y, beta), (a, b))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    torch.testing.assert_close(smooth_l1_loss(A.cuda(), A.cuda() * 0).cpu(), smooth_l1_loss(A, A * 0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: smooth_l1_loss(A, A[:1]), r"same shape; got torch.float32 \(2, 4\) and \(1, 4\)"),
        (lambda: smooth_l1_loss(A.long(), A), "floating point.*int64"),
        (lambda: smooth_l1_loss(A, A, -1), "beta must be at least 0; got -1"),
        (lambda: smooth_l1_loss(A, A, reduction="max"), "got 'max'"),
        (lambda: smooth_l1_loss(A, A.to("meta")), "one device"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
