"""Maximum mean discrepancy: how far apart two samples are, as a Gaussian kernel sees them."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from seeing.arrays import as_tensor, takes_arrays


@takes_arrays("x", "y")
def median_bandwidth(x: Tensor, y: Tensor) -> Tensor:
    """The median heuristic: the median distance between two different points of both samples pooled.

    Both samples count as one, so that points far apart because the samples are far apart count too. No gradient
    flows through it: a bandwidth that can be trained would make the discrepancy small by blurring everything. Time and
    memory grow with (N + M)^2: of a large sample, a thousand points drawn at random do.

    Args:
        x: (N, D) floating point.
        y: (M, D), as x.

    Returns:
        A scalar above 0, of the inputs' type (at least float32): the median of the (N + M)(N + M - 1) / 2 distances,
        of an even number the mean of the middle two. If more than half of the distances are 0, the median of those
        that are not; 1 if all are 0.

    Raises:
        ValueError: as `mmd_squared`.

    Source: Gretton et al., A kernel two-sample test (2012), section 8.
    """
    x, y = _checked(x, y)
    distances = torch.nn.functional.pdist(torch.cat([x, y]).detach())
    if not bool(distances.any()):
        return distances.new_ones(())
    median = _median(distances)
    return median if bool(median > 0) else _median(distances[distances > 0])


@takes_arrays("x", "y")
def gaussian_kernel(x: Tensor, y: Tensor, bandwidth: float | Tensor) -> Tensor:
    """exp(-|x - y|^2 / (2 bandwidth^2)) of all pairs.

    Args:
        x: (N, D) floating point.
        y: (M, D), as x.
        bandwidth: standard deviation of the bell, in the points' unit, above 0.

    Returns:
        (N, M) in [0, 1].

    Raises:
        ValueError: if shapes, types or devices differ, a number is not finite, or the bandwidth is not above 0.

    Example:
        >>> gaussian_kernel(torch.tensor([[0.0]]), torch.tensor([[0.0], [2.0]]), bandwidth=1)  # 1 and exp(-2)
        tensor([[1.0000, 0.1353]])
    """
    x, y = _checked(x, y)
    bandwidth = _positive(bandwidth, x)
    # Distances do not depend on the origin, but the rounding of |x|^2 + |y|^2 - 2xy does.
    centre = torch.cat([x, y]).detach().mean(0)
    x, y = x - centre, y - centre
    squares = x.square().sum(1)[:, None] + y.square().sum(1) - 2 * x @ y.T  # (N, M)
    return torch.exp(-squares.clamp_min(0) / (2 * bandwidth**2))


@takes_arrays("x", "y")
def mmd_squared(x: Tensor, y: Tensor, bandwidth: float | Tensor | None = None, *, unbiased: bool = False) -> Tensor:
    """Squared maximum mean discrepancy, E k(x, x') + E k(y, y') - 2 E k(x, y); ideal value 0: one distribution.

    The biased estimate counts a point beside itself: it is never negative, and above 0 for two samples of one
    distribution, by about 2 (1 - E k) / N. The unbiased one leaves those pairs out: right on average, it can be
    negative. The first suits a penalty, the second a measurement.

    Args:
        x: (N, D) floating point, N at least 1, for the unbiased estimate 2.
        y: (M, D), as x.
        bandwidth: of `gaussian_kernel`; None takes `median_bandwidth`.
        unbiased: which estimate.

    Returns:
        A scalar of the inputs' type (at least float32), on their device, with a gradient for both samples.

    Raises:
        ValueError: if a sample is too small, shapes, types or devices differ, a number is not finite, or the
            bandwidth is not above 0.

    Example:
        >>> x = torch.tensor([[0.0], [1.0]])
        >>> mmd_squared(x, x.flip(0), 1).item(), round(mmd_squared(x, x + 9, 1).item(), 3)  # 1 + exp(-1/2)
        (0.0, 1.607)

    Source: Gretton et al. (2012), equation 5 (biased) and equation 3 (unbiased).
    """
    x, y = _checked(x, y)
    if unbiased and min(len(x), len(y)) < 2:
        raise ValueError(f"the unbiased estimate needs two points of each sample; got {len(x)} and {len(y)}")
    if bandwidth is None:
        bandwidth = median_bandwidth(x, y)
    across = gaussian_kernel(x, y, bandwidth).mean()
    within = [_within(z, bandwidth, unbiased) for z in (x, y)]
    return within[0] + within[1] - 2 * across


@takes_arrays("x", "y")
def mmd_p_value(
    x: Tensor,
    y: Tensor,
    bandwidth: float | Tensor | None = None,
    *,
    permutations: int = 999,
    seed: int = 0,
) -> float:
    """How often a random split of the pooled points is at least as far apart as the two samples.

    Args:
        x: (N, D) floating point.
        y: (M, D), as x.
        bandwidth: of the kernel; None takes `median_bandwidth`, which no split changes.
        permutations: number of random splits, at least 1.
        seed: of the splits.

    Returns:
        (1 + number of such splits) / (1 + permutations), in (0, 1]: small if the samples differ.

    Raises:
        ValueError: as `mmd_squared`, or if there are no permutations.

    Source: Gretton et al. (2012), section 5; the 1 of the sample itself: Phipson and Smyth, Permutation p-values
        should never be zero (2010).
    """
    x, y = _checked(x.detach(), y.detach())
    if permutations < 1:
        raise ValueError(f"permutations must be at least 1; got {permutations}")
    pooled = torch.cat([x, y]).double()
    kernel = gaussian_kernel(pooled, pooled, median_bandwidth(x, y) if bandwidth is None else bandwidth)
    # With weights 1/N and -1/M, the biased estimate is one quadratic form of the pooled kernel.
    weights = torch.cat([kernel.new_full((len(x),), 1 / len(x)), kernel.new_full((len(y),), -1 / len(y))])
    observed = weights @ kernel @ weights
    generator = torch.Generator().manual_seed(seed)
    as_far = 1
    for _ in range(permutations):
        drawn = weights[torch.randperm(len(pooled), generator=generator).to(weights.device)]
        # A split into the same two sets may come out a rounding error below.
        as_far += bool(drawn @ kernel @ drawn >= observed - 1e-12)
    return as_far / (1 + permutations)


def _within(points: Tensor, bandwidth: float | Tensor, unbiased: bool) -> Tensor:
    kernel = gaussian_kernel(points, points, bandwidth)
    if not unbiased:
        return kernel.mean()
    count = len(points)
    return (kernel.sum() - kernel.diagonal().sum()) / (count * (count - 1))


def _median(values: Tensor) -> Tensor:
    # torch.median is the lower of the middle two; both by selection are faster than a sort.
    middle = [values.kthvalue(rank).values for rank in {(len(values) + 1) // 2, len(values) // 2 + 1}]
    return torch.stack(middle).mean()


def _positive(bandwidth: float | Tensor, like: Tensor) -> Tensor:
    bandwidth = as_tensor(bandwidth, "bandwidth").to(like)
    if bandwidth.dim() or not 0 < float(bandwidth) < math.inf:
        raise ValueError(f"bandwidth must be one finite number above 0; got {bandwidth.tolist()}")
    return bandwidth


def _checked(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Both samples, at least in float32."""
    for name, points in (("x", x), ("y", y)):
        if points.dim() != 2 or not points.is_floating_point() or not points.numel():
            raise ValueError(
                f"{name} must be floating point, (N, D) with N and D at least 1; "
                f"got {points.dtype} {tuple(points.shape)}"
            )
        if not bool(points.isfinite().all()):
            raise ValueError(f"{name} must hold finite numbers; got NaN or an infinity")
    if x.shape[1] != y.shape[1] or x.dtype != y.dtype or x.device != y.device:
        raise ValueError(
            "x and y must have one width, type and device; "
            f"got {x.shape[1]} {x.dtype} {x.device} and {y.shape[1]} {y.dtype} {y.device}"
        )
    wide = torch.promote_types(x.dtype, torch.float32)
    return x.to(wide), y.to(wide)
