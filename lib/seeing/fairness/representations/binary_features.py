"""A table as zeros and ones: words one-hot, numbers by the fifth of the people that they fall into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from seeing.fairness.groups.groups import SensitiveFeatures, feature_columns, find_groups
from seeing.fairness.inputs import Values


def binary_features(
    columns: SensitiveFeatures,
    *,
    reference: Mapping[str, Values] | None = None,
    drop: Sequence[str] = (),
    bins: int = 5,
) -> tuple[np.ndarray, list[str]]:
    """Turn columns into binary features.

    Args:
        columns: name: (N,) numbers or words; a mapping or a DataFrame.
        reference: the table that the bins and words are taken from, such as the training rows, with these columns;
            None means `columns` itself. A word that it does not hold gives zeros everywhere.
        drop: columns to leave out, such as the outcome and the sensitive feature.
        bins: into how many quantiles numbers are cut, at least 1; bin i holds edge i < value <= edge i + 1, the first
            and the last also what lies outside. Equal edges count once, so fewer may remain.

    Returns:
        (N, D) float32 of 0 and 1, and the D names, "column=word" or "column<=edge" with the upper edge.

    Raises:
        ValueError: if lengths differ, there is no row, a column is not there, a number is not finite, a word is
            missing, or nothing is left.

    Example:
        >>> table, names = binary_features({"city": ["Bonn", "Ulm", "Ulm"]})
        >>> names, table.tolist()
        (['city=Bonn', 'city=Ulm'], [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    """
    columns = feature_columns(columns)
    reference = columns if reference is None else feature_columns(reference)
    unknown = [name for name in drop if name not in columns] + [name for name in columns if name not in reference]
    kept = [name for name in columns if name not in drop]
    if unknown or not kept or bins < 1:
        raise ValueError(
            f"bins >= 1, columns to keep, and only known names were expected; "
            f"got bins {bins}, {len(kept)} columns and unknown {unknown}"
        )
    parts, names = [], []
    for name in kept:
        numeric = columns[name].dtype.kind in "iuf"
        part, values = _quantiles(columns, reference, name, bins) if numeric else _words(columns, reference, name)
        parts.append(part)
        names += [f"{name}{'<=' if numeric else '='}{value}" for value in values]
    return np.concatenate(parts, 1).astype(np.float32), names


def _words(columns: dict, reference: dict, name: str) -> tuple[np.ndarray, list]:
    for column in (columns[name], reference[name]):
        if column.dtype == object:
            find_groups({name: column})  # refuses a missing value, which would be a word like any other
    words = np.unique(reference[name].astype(str))
    return columns[name].astype(str)[:, None] == words, words.tolist()


def _quantiles(columns: dict, reference: dict, name: str, bins: int) -> tuple[np.ndarray, list]:
    for column in (columns[name], reference[name]):
        if column.dtype.kind not in "iuf" or not np.isfinite(column).all():
            raise ValueError(f"{name} must hold finite numbers in both tables; got something else")
    edges = np.unique(np.quantile(reference[name], np.arange(bins + 1) / bins))
    upper = edges[1:] if len(edges) > 1 else edges
    index = np.minimum(np.searchsorted(upper, columns[name]), len(upper) - 1)
    return index[:, None] == np.arange(len(upper)), upper.tolist()
