"""The negative log-likelihood of recorded probabilities."""

from __future__ import annotations

import torch
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.metrics.forecasts import check_forecasts, result_type


@takes_arrays("probabilities", "labels")
def nll(probabilities: Tensor, labels: Tensor) -> Tensor:
    """Mean negative log-likelihood, -log p(label), in nats: the cross-entropy of probabilities rather than logits.

    Args:
        probabilities: (N, K), rows that sum to 1, or (N,), of y = 1; floating point in [0, 1].
        labels: (N,) integers 0..K-1; beside (N,) probabilities 0 and 1, or bool.

    Returns:
        A number from 0 up, in the type of the probabilities (at least float32). Infinity if a label was given
        probability 0: nothing is clipped. NaN if N = 0.

    Raises:
        ValueError: as `event`.

    Example:
        >>> nll([0.5, 1.0], [1, 1])  # (log 2 + 0) / 2
        tensor(0.3466, dtype=torch.float64)
    """
    check_forecasts(probabilities, labels)
    return row_nll(probabilities, labels).mean().to(result_type(probabilities))


def row_nll(probabilities: Tensor, labels: Tensor) -> Tensor:
    """-log p(label) of each row, (N,) float64; the arguments are checked."""
    if probabilities.dim() == 1:
        right = torch.where(labels == 1, probabilities.double(), 1 - probabilities.double())
    else:
        right = probabilities.gather(1, labels.long()[:, None])[:, 0].double()
    return -right.log()
