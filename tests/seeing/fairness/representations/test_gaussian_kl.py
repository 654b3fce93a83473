"""The divergence of normals, against torch.distributions, a sum by hand and draws."""

import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from seeing.fairness.representations.gaussian_kl import gaussian_kl


@pytest.mark.parametrize("seed", range(10))
def test_equals_torch_distributions(seed):
    torch.manual_seed(seed)
    q_mean, q_log, p_mean, p_log = torch.randn(4, 5, 3, dtype=torch.float64)
    q, p = Normal(q_mean, (q_log / 2).exp()), Normal(p_mean, (p_log / 2).exp())
    torch.testing.assert_close(gaussian_kl(q_mean, q_log, p_mean, p_log), kl_divergence(q, p).sum(1))
    standard = Normal(torch.zeros(5, 3, dtype=torch.float64), 1.0)
    torch.testing.assert_close(gaussian_kl(q_mean, q_log), kl_divergence(q, standard).sum(1))


def test_by_hand_positive_and_not_symmetric():
    mean, log_variance = torch.tensor([[2.0]]), torch.tensor([[math.log(4)]])
    forward = gaussian_kl(mean, log_variance)
    assert forward.item() == pytest.approx((4 + 4 - 1 - math.log(4)) / 2)
    zero = torch.zeros(1, 1)
    backward = gaussian_kl(zero, zero, mean, log_variance)
    assert backward.item() == pytest.approx((1 / 4 + 4 / 4 - 1 + math.log(4)) / 2)
    assert gaussian_kl(mean, log_variance, mean, log_variance).item() == 0


def test_descent_goes_to_the_prior():
    """The sign: a loss that adds the divergence pulls the mean to 0 and the variance to 1."""
    mean, log_variance = torch.tensor([[3.0]], requires_grad=True), torch.tensor([[-2.0]], requires_grad=True)
    for _ in range(200):
        gradients = torch.autograd.grad(gaussian_kl(mean, log_variance).sum(), (mean, log_variance))
        mean, log_variance = (
            (value - 0.1 * step).detach().requires_grad_()
            for value, step in zip((mean, log_variance), gradients, strict=True)
        )
    assert abs(mean.item()) < 1e-3
    assert abs(log_variance.item()) < 1e-3


def test_gradients_extremes_and_empty():
    parts = [torch.randn(2, 3, dtype=torch.float64, requires_grad=True) for _ in range(4)]
    assert torch.autograd.gradcheck(gaussian_kl, parts)
    far = torch.full((1, 1), -80.0)
    assert gaussian_kl(torch.zeros(1, 1), far, torch.zeros(1, 1), far).item() == 0
    assert gaussian_kl(torch.zeros(0, 3), torch.zeros(0, 3)).shape == (0,)


def test_bad_shapes_are_refused():
    with pytest.raises(ValueError, match=r"all of one shape; got \[\(2, 3\), \(2, 1\)"):
        gaussian_kl(torch.zeros(2, 3), torch.zeros(2, 1))
    with pytest.raises(ValueError, match=r"must be \(N, Z\)"):
        gaussian_kl(torch.zeros(3), torch.zeros(3))
