"""A calibration of its own for each group, so that a stated probability means the same in all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from seeing.arrays import as_array
from seeing.calibration.fit_inputs import as_outcomes, as_scores

Calibrator = Callable[[Any], Tensor]
"""What a fit gives: scores in, probabilities out."""


@dataclass(frozen=True, eq=False)
class GroupCalibration:
    """One calibration a group.

    Attributes:
        calibrators: group: its calibration. A group is a plain value, or a tuple of them for several features.
        fallback: serves rows of any other group; if None, such rows are refused.
    """

    calibrators: Mapping[Any, Calibrator]
    fallback: Calibrator | None = None

    def __call__(self, scores: Any, *, sensitive_features: Any) -> Tensor:
        """Calibrated probabilities, each row's by its own group.

        Args:
            scores: (N,) or (N, K), of the kind that was fitted.
            sensitive_features: as in `fit_by_group`.

        Returns:
            As many probabilities as scores, in the form that `fit_inputs` describes.

        Raises:
            ValueError: if lengths differ, or a group was not fitted and there is no fallback.
        """
        scores = as_scores(scores, dims=(1, 2))
        result = torch.empty_like(scores)
        for group, rows in rows_by_group(sensitive_features, len(scores)).items():
            calibrator = self.calibrators.get(group, self.fallback)
            if calibrator is None:
                known = ", ".join(map(repr, self.calibrators))
                raise ValueError(f"group {group!r} was not fitted; known are {known}: give a fallback, or fit it")
            index = torch.from_numpy(rows).to(scores.device)
            result = result.index_copy(0, index, calibrator(scores[index]).to(result.dtype))
        return result


def fit_by_group(
    fit: Callable[..., Calibrator],
    scores: Any,
    labels: Any,
    *,
    sensitive_features: Any,
    sample_weight: Any = None,
    fallback: Calibrator | None = None,
) -> GroupCalibration:
    """Fit a calibration on the rows of each group.

    With it P(y = 1 | score, group) = score in each group as far as its rows tell: calibration within groups.

    Args:
        fit: `fit_temperature`, `fit_platt`, `fit_isotonic` or `fit_histogram`; with other settings, a
            `functools.partial` of one.
        scores: (N,) or (N, K), as the fit takes them.
        labels: (N,), as the fit takes them.
        sensitive_features: (N,) strings, integers or bools; or several columns, as an (N, F) array or a mapping of
            columns such as a DataFrame, whose combinations are the groups.
        sample_weight: (N,) at least 0, how much each row counts; None for equal weights.
        fallback: a calibration, say one of all rows, for groups that turn up only later.

    Raises:
        ValueError: if lengths differ, there is no row, a feature is missing (None or NaN), or the fit refuses the rows
            of a group, which the message then names.

    Example:
        >>> scores, labels = [0.9, 0.9, 0.9, 0.9], [1, 1, 1, 0]
        >>> by_group = fit_by_group(fit_histogram, scores, labels, sensitive_features=["a", "a", "b", "b"])
        >>> by_group([0.9, 0.9], sensitive_features=["a", "b"])
        tensor([1.0000, 0.5000], dtype=torch.float64)
    """
    scores = as_scores(scores, dims=(1, 2))
    classes = 2 if scores.dim() == 1 else scores.shape[1]
    labels, weights = as_outcomes(scores, labels, sample_weight, classes)
    calibrators = {}
    for group, rows in rows_by_group(sensitive_features, len(scores)).items():
        index = torch.from_numpy(rows).to(scores.device)
        try:
            calibrators[group] = fit(scores[index], labels[index], sample_weight=weights[index])
        except ValueError as error:
            raise ValueError(f"group {group!r}: {error}") from error
    return GroupCalibration(calibrators, fallback)


def rows_by_group(sensitive_features: Any, count: int) -> dict[Any, np.ndarray]:
    """Group: the indices of its rows, ascending; the groups in order of appearance.

    Raises:
        ValueError: if there are not `count` rows, or a feature is missing.
    """
    if isinstance(sensitive_features, Mapping) or hasattr(sensitive_features, "columns"):  # a DataFrame
        columns = [_plain(sensitive_features[name]) for name in sensitive_features]
    else:
        features = _plain(sensitive_features)
        columns = [features] if features.ndim < 2 else list(features.T)
    if not columns or any(column.shape != (count,) for column in columns):
        shapes = [column.shape for column in columns if column.shape != (count,)]
        got = f"a column of shape {shapes[0]}" if shapes else "no column"
        raise ValueError(f"sensitive_features must have one row a score, N = {count}; got {got}")
    keys = columns[0].tolist() if len(columns) == 1 else list(zip(*(c.tolist() for c in columns), strict=True))
    rows: dict[Any, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    for key in rows:
        parts = key if isinstance(key, tuple) else (key,)
        if any(part is None or part != part for part in parts):
            raise ValueError(f"sensitive_features must not be missing; got {key!r}: name such a group, as 'unknown'")
    return {key: np.array(indices) for key, indices in rows.items()}


def _plain(values: Any) -> np.ndarray:
    return as_array(values, "sensitive_features", words=True)
