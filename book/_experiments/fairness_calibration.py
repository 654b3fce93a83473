"""Record what the page on calibration shows: `python book/_experiments/fairness_calibration.py`.

It takes a minute or two. The records of two networks are read through their loader, which fetches 4 MB if they are not
there. Only sums over reliability bins and scores are recorded.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from seeing import recorded
from seeing.data import load_calibration_records
from seeing.metrics import (
    bootstrap_interval,
    brier,
    ece,
    fit_histogram,
    fit_isotonic,
    fit_platt,
    fit_temperature,
    nll,
    reliability_bins,
)

COMMAND = "python book/_experiments/fairness_calibration.py"
NETWORKS = {"DenseNet, CIFAR-100": "densenet-bc-100-cifar-100", "LeNet, CIFAR-10": "lenet-5-cifar-10"}
FITTED = 5000
DRAWS = 1000
FLOORS = 1000


def bins(probabilities: Tensor, labels: Tensor) -> dict[str, list]:
    """The reliability diagram in 15 bins of equal width, as sums."""
    found = reliability_bins(probabilities, labels)
    counts = found.counts
    return {
        "count": counts.tolist(),
        "confidence": (found.confidence.nan_to_num(0) * counts).tolist(),
        "right": (found.accuracy.nan_to_num(0) * counts).round().long().tolist(),
    }


def top(probabilities: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """The confidence of the likeliest class, and whether that class is right: (N,) each."""
    confidence, answer = probabilities.max(1)
    return confidence, answer == labels


def with_interval(score, said: Tensor, happened: Tensor) -> list[float]:
    """A score of events and its bootstrap interval."""

    def of_rows(rows: Tensor) -> float:
        return float(score(said[rows], happened[rows]))

    return [float(score(said, happened)), *bootstrap_interval(of_rows, len(said), samples=DRAWS)]


def floor(said: Tensor) -> list[float]:
    """ECE if every stated confidence were true: its mean and its 95% quantile over invented outcomes."""
    generator = torch.Generator().manual_seed(0)
    drawn = [float(ece(said, torch.rand(len(said), generator=generator) < said)) for _ in range(FLOORS)]
    return [float(np.mean(drawn)), float(np.quantile(drawn, 0.95))]


def one_network(title: str, model: str) -> dict:
    """All numbers of one network."""
    records = load_calibration_records(model=model)
    stated, labels = records.probabilities.double(), records.labels
    stated = stated / stated.sum(1, keepdim=True)
    logits = stated.clamp(min=1e-30).log()
    fit, test = slice(FITTED), slice(FITTED, None)
    scaling = fit_temperature(logits[fit], labels[fit])
    generator = torch.Generator().manual_seed(0)
    drawn = (torch.randint(FITTED, (FITTED,), generator=generator) for _ in range(DRAWS // 4))
    temperatures = [fit_temperature(logits[rows], labels[rows]).temperature for rows in tqdm(list(drawn), title)]

    versions = {
        "before": stated[test],
        "after": scaling(logits[test]),
        "multiplied": (logits[test] * scaling.temperature).softmax(1),
    }
    said, happened = top(stated, labels)
    score = said.clamp(1e-12, 1 - 1e-12).logit()
    fits = {
        "Platt": partial(fit_platt, score[fit]),
        "isotonic": partial(fit_isotonic, score[fit]),
        "histogram": partial(fit_histogram, said[fit]),
    }
    events = {name: top(p, labels[test]) for name, p in versions.items()}
    for name, fitted in fits.items():
        calibrated = fitted(happened[fit])
        events[name] = calibrated(said[test] if name == "histogram" else score[test]), happened[test]
    cheat = fit_temperature(logits[test], labels[test])
    return {
        "classes": stated.shape[1],
        "fitted": FITTED,
        "scored": len(labels) - FITTED,
        "accuracy": float(happened[test].double().mean()),
        "temperature": [scaling.temperature, *np.quantile(temperatures, [0.025, 0.975]).tolist()],
        "fitted_on_test": [cheat.temperature, float(ece(cheat(logits[test]), labels[test]))],
        "bins": {name: bins(p, labels[test]) for name, p in versions.items()},
        "nll": {name: float(nll(p.clamp(min=1e-30), labels[test])) for name, p in versions.items()},
        "ece": {name: with_interval(ece, *event) for name, event in tqdm(events.items(), "ECE")},
        "ece_equal_mass": {name: float(ece(*event, binning="mass")) for name, event in events.items()},
        "brier": {name: with_interval(brier, *event) for name, event in tqdm(events.items(), "Brier")},
        "floor": floor(events["after"][0]),
    }


def main() -> None:
    """Both networks."""
    networks = {title: one_network(title, model) for title, model in NETWORKS.items()}
    recorded.write("calibration", {"command": COMMAND, "networks": networks}, part="fairness")


if __name__ == "__main__":
    main()
