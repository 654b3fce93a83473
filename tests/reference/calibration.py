"""Slow loops that say what a calibration score means, one forecast at a time: the oracles of the tests."""

import math


def events(probabilities: list, labels: list[int]) -> list[tuple[float, bool]]:
    """(probability, happened) of the event that each row speaks of."""
    found = []
    for row, label in zip(probabilities, labels, strict=True):
        if isinstance(row, float):
            found.append((row, label == 1))
        else:
            found.append((max(row), row.index(max(row)) == label))
    return found


def width_bins(forecasts: list[tuple[float, bool]], bins: int) -> list[list[tuple[float, bool]]]:
    """Bins (i / bins, (i + 1) / bins]; the first holds 0 as well."""
    result = [[] for _ in range(bins)]
    for p, happened in forecasts:
        place = next(i for i in range(bins) if p <= (i + 1) / bins)
        result[place].append((p, happened))
    return result


def mass_bins(forecasts: list[tuple[float, bool]], bins: int) -> list[list[tuple[float, bool]]]:
    """A forecast is in the first bin whose last rank, floor((i + 1) (N - 1) / bins), has a value not below it."""
    ranked = sorted(p for p, _ in forecasts)
    result = [[] for _ in range(bins)]
    for p, happened in forecasts:
        place = next(i for i in range(bins) if p <= ranked[(i + 1) * (len(ranked) - 1) // bins])
        result[place].append((p, happened))
    return result


def error(bins: list[list[tuple[float, bool]]], norm: float = 1) -> float:
    """The calibration error of filled bins."""
    count = sum(map(len, bins))
    if not count:
        return math.nan
    gaps = [(len(b) / count, abs(sum(p for p, _ in b) / len(b) - sum(h for _, h in b) / len(b))) for b in bins if b]
    if norm == math.inf:
        return max(gap for _, gap in gaps)
    return sum(weight * gap**norm for weight, gap in gaps) ** (1 / norm)


def nll(probabilities: list, labels: list[int]) -> float:
    """Mean of -log p(label)."""
    said = [
        (row if label else 1 - row) if isinstance(row, float) else row[label]
        for row, label in zip(probabilities, labels, strict=True)
    ]
    return sum(-math.log(p) if p else math.inf for p in said) / len(said)


def brier(probabilities: list, labels: list[int]) -> float:
    """Mean squared distance to what happened."""
    total = 0.0
    for row, label in zip(probabilities, labels, strict=True):
        if isinstance(row, float):
            total += (row - label) ** 2
        else:
            total += sum((p - (k == label)) ** 2 for k, p in enumerate(row))
    return total / len(labels)


def murphy(bins: list[list[tuple[float, bool]]]) -> tuple[float, float, float]:
    """Reliability, resolution and uncertainty of filled bins."""
    everything = [pair for b in bins for pair in b]
    count = len(everything)
    rate = sum(h for _, h in everything) / count
    reliability = resolution = 0.0
    for b in filter(None, bins):
        mean, observed = sum(p for p, _ in b) / len(b), sum(h for _, h in b) / len(b)
        reliability += len(b) / count * (mean - observed) ** 2
        resolution += len(b) / count * (observed - rate) ** 2
    return reliability, resolution, rate * (1 - rate)
