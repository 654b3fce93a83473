"""How far one normal distribution is from another, in closed form."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.arrays import takes_arrays


@takes_arrays("mean", "log_variance", "prior_mean", "prior_log_variance")
def gaussian_kl(
    mean: Tensor, log_variance: Tensor, prior_mean: Tensor | None = None, prior_log_variance: Tensor | None = None
) -> Tensor:
    """Kullback-Leibler divergence KL(q || p) of normal distributions with diagonal covariance.

    It is never negative, 0 only for q = p, and is subtracted from a lower bound, that is, added to a loss.

    Args:
        mean: (N, Z), of q.
        log_variance: (N, Z), natural logarithm of the variances of q (not of the standard deviations).
        prior_mean: (N, Z), of p; None means 0.
        prior_log_variance: (N, Z), of p; None means 0, which is variance 1.

    Returns:
        (N,) in nats, summed over the Z coordinates.

    Raises:
        ValueError: if the shapes differ.

    Example:
        >>> gaussian_kl(torch.tensor([[0.0, 2.0]]), torch.zeros(1, 2))  # half of the squared distance from N(0, 1)
        tensor([2.])

    Source: Kingma and Welling, Auto-encoding variational Bayes (2014), appendix B, for the standard normal.
    """
    prior_mean = torch.zeros_like(mean) if prior_mean is None else prior_mean
    prior_log_variance = torch.zeros_like(mean) if prior_log_variance is None else prior_log_variance
    shapes = [tuple(part.shape) for part in (mean, log_variance, prior_mean, prior_log_variance)]
    if mean.dim() != 2 or len(set(shapes)) > 1:
        raise ValueError(f"means and log-variances must be (N, Z), all of one shape; got {shapes}")
    parts = mean, log_variance, prior_mean, prior_log_variance
    if not all(part.is_floating_point() for part in parts):
        raise ValueError(f"means and log-variances must be floating point; got {[part.dtype for part in parts]}")
    log_ratio = log_variance - prior_log_variance
    distance = (mean - prior_mean).square() * (-prior_log_variance).exp()
    return 0.5 * (log_ratio.exp() + distance - 1 - log_ratio).sum(1)
