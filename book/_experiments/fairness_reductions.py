"""Record what the page on reductions shows: `python book/_experiments/fairness_reductions.py`.

It takes a few minutes. The Adult data set is read through its loader, which fetches 4 MB if it is not there. Only sums
over people of one sex and one income are recorded.
"""

from __future__ import annotations

import numpy as np
import torch
from fairlearn.reductions import DemographicParity, EqualizedOdds, ExponentiatedGradient, Moment
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from seeing import recorded
from seeing.data import load_adult
from seeing.fairness import binary_features, count_scores, fit_demographic_parity, fit_equalized_odds, reweighing

COMMAND = "python book/_experiments/fairness_reductions.py"
TRAIN = 30_162  # complete rows of the training file come first
NOT_USED = ("sex", "income", "fnlwgt")
ROUNDS = 25
CONSTRAINTS = {
    "reduction, parity .05": DemographicParity(difference_bound=0.05),
    "reduction, parity .01": DemographicParity(difference_bound=0.01),
    "reduction, odds .02": EqualizedOdds(difference_bound=0.02),
}
THRESHOLDS = {"thresholds, parity": fit_demographic_parity, "thresholds, odds": fit_equalized_odds}


def cells(yes: np.ndarray, label: np.ndarray, sex: np.ndarray) -> list[dict]:
    """For each sex and income: people, and the sums of the probability of a yes and of its square."""
    found = []
    for own in ("Female", "Male"):
        for value in (0, 1):
            p = yes[(sex == own) & (label == value)]
            found.append({"sex": own, "income": value, "people": len(p), "yes": p.sum(), "squares": (p**2).sum()})
    return [{key: float(v) if isinstance(v, np.floating) else v for key, v in cell.items()} for cell in found]


def reduced(constraint: Moment, x: np.ndarray, label: np.ndarray, sex: np.ndarray) -> tuple[np.ndarray, int]:
    """The probability of a yes for all rows from a mixture learnt on the first, and how many models it mixes."""
    learner = ExponentiatedGradient(LogisticRegression(max_iter=200), constraint, max_iter=ROUNDS)
    learner.fit(x[:TRAIN], label[:TRAIN], sensitive_features=sex[:TRAIN])
    shares = {k: share for k, share in learner.weights_.items() if share > 0}
    yes = sum(share * learner.predictors_[k].predict(x) for k, share in shares.items())
    return np.clip(yes, 0, 1), len(shares)


def main() -> None:
    """All methods, on the rows they learnt from and on others."""
    torch.set_num_threads(1)
    adult = load_adult(split="all")
    adult = adult.rows(adult.is_complete())
    reference = adult.rows(slice(0, TRAIN)).columns()
    x, _ = binary_features(adult.columns(), reference=reference, drop=NOT_USED)
    label, sex = np.asarray(adult.income), np.asarray(adult.sex)
    train = slice(TRAIN)

    answers, mixed = {}, {}
    plain = LogisticRegression(max_iter=200).fit(x[train], label[train])
    answers["plain"] = plain.predict(x).astype(float)
    weights = reweighing(label[train], sensitive_features=sex[train])
    weighed = LogisticRegression(max_iter=200).fit(x[train], label[train], sample_weight=weights)
    answers["reweighing"] = weighed.predict(x).astype(float)
    scores = plain.predict_proba(x)[:, 1].astype(np.float64)
    counts = count_scores(label[train], scores[train], sensitive_features=sex[train])
    for name, fit in THRESHOLDS.items():
        answers[name] = fit(counts).probabilities(scores, sensitive_features=sex)
    for name, constraint in tqdm(CONSTRAINTS.items(), "reductions"):
        answers[name], mixed[name] = reduced(constraint, x, label, sex)

    both = {"train": train, "test": slice(TRAIN, None)}
    methods = {
        name: {part: cells(yes[rows], label[rows], sex[rows]) for part, rows in both.items()}
        for name, yes in answers.items()
    }
    recorded.write("reductions", {"command": COMMAND, "methods": methods, "mixed": mixed}, part="fairness")


if __name__ == "__main__":
    main()
