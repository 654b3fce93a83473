"""Record what the page on representations shows: `python book/_experiments/fairness_representations.py`.

It takes about 20 minutes on one core; runs that the record holds already are not done again. The Adult data is read
through its loader, which fetches 6 MB if it is not there. Only scores and counts are recorded, nothing about a person.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from seeing import recorded
from seeing.data import load_adult
from seeing.fairness import (
    AdversarialModel,
    Rows,
    VariationalFairAutoencoder,
    adversarial_loss,
    binary_features,
    ganin_schedule,
    leakage_curve,
    probe,
    vfae_loss,
    vfae_terms,
)
from seeing.training import fit, parameter_groups

NAME = "representations"
COMMAND = "python book/_experiments/fairness_representations.py"
TRAIN = 30_162  # complete rows of the training file come first
BATCH, FOURIER = 500, 500
STEPS = {"vfae": 480, "adversarial": 2000}
RATE, ADVERSARY = 1e-3, 10  # the adversary learns ten times as fast, or it is fooled where fresh probes are not
SIZE = 16
SEEDS = (0, 1, 2, 3, 4)
STRENGTHS = {"vfae": (0, 30, 300, 3000), "adversarial": (0, 0.2, 1, 5)}
PROBES = ("linear", "forest")
SIZES = (500, 1500, 5000, 15_060)


def adult_rows() -> Rows:
    """All complete rows as zeros and ones: the sex is the group, the income the label."""
    adult = load_adult(split="all")
    adult = adult.rows(adult.is_complete())
    reference = adult.rows(slice(0, TRAIN)).columns()
    x, _ = binary_features(adult.columns(), reference=reference, drop=("income", "sex", "fnlwgt"))
    return Rows(
        torch.from_numpy(x), torch.from_numpy((adult.sex == "Male").astype(int)), torch.from_numpy(adult.income)
    )


def batch_of(rows: Rows, step: int, seed: int) -> Rows:
    """Rows drawn for a step; of the training rows only."""
    chosen = torch.randint(TRAIN, (BATCH,), generator=torch.Generator().manual_seed(1000 * seed + step))
    return Rows(*(column[chosen] for column in rows))


def train_vfae(rows: Rows, strength: float, seed: int) -> Tensor:
    """The representation of the rows that the training did not see."""
    torch.manual_seed(seed)
    model = VariationalFairAutoencoder(rows.x.shape[1])

    def batch(step: int) -> tuple[Rows, tuple[int, Rows]]:
        part = batch_of(rows, step, seed)
        return part, (step, part)

    def loss(output, target) -> Tensor:
        return vfae_loss(vfae_terms(output, target[1], fourier=FOURIER, seed=target[0]), mmd_weight=strength)

    fit(model, batch, loss, STEPS["vfae"])
    return model.represent(rows.x[TRAIN:], rows.s[TRAIN:])


def train_adversarial(rows: Rows, strength: float, seed: int) -> Tensor:
    """The representation of the rows that the training did not see."""
    torch.manual_seed(seed)
    model = AdversarialModel(rows.x.shape[1], size=SIZE)
    # Of a scale of its own choice, the encoder could hide from the adversary by shrinking.
    model.encoder.append(nn.BatchNorm1d(SIZE, affine=False))
    learners = nn.ModuleList([model.encoder, model.predictor])
    groups = parameter_groups([learners, model.adversary], ADVERSARY * RATE, 1 / ADVERSARY)

    def batch(step: int) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        model.strength = ganin_schedule(step / STEPS["adversarial"], strength)
        part = batch_of(rows, step, seed)
        return part.x, (part.y, part.s)

    fit(model, batch, adversarial_loss, STEPS["adversarial"], rate=groups)
    with torch.no_grad():
        return model.encoder(rows.x[TRAIN:])


TRAINERS: dict[str, Callable[[Rows, float, int], Tensor]] = {"vfae": train_vfae, "adversarial": train_adversarial}


def run(rows: Rows, method: str, strength: float, seed: int) -> dict:
    """One training and its probes, on rows that it did not see."""
    kept = {}

    def represent(strength: float, seed: int) -> Tensor:
        kept["z"] = TRAINERS[method](rows, strength, seed)
        return kept["z"]

    y, s = rows.y[TRAIN:], rows.s[TRAIN:]
    (point,) = leakage_curve(represent, [strength], [seed], y_true=y, sensitive_features=s, probes=PROBES)
    record = {"method": method, "strength": strength, "seed": seed, "label": point.accuracy.mean}
    record |= {"linear": point.linear_leakage.mean, "best": point.leakage.mean}
    if seed == 0 and method == "vfae":
        record["by_rows"] = [found_with(kept["z"][:size], s[:size]) for size in SIZES]
    return record


def found_with(z: Tensor, s: Tensor) -> dict:
    """What each probe finds with this many rows."""
    found = probe(z, sensitive_features=s, probes=PROBES, folds=3)
    return {"rows": len(z), **{name: result.balanced_accuracy for name, result in found.items()}}


def counts(rows: Rows) -> list[list[int]]:
    """People by group and label, of the rows that are probed: [[women poor, women rich], [men poor, men rich]]."""
    return np.bincount(2 * rows.s[TRAIN:] + rows.y[TRAIN:], minlength=4).reshape(2, 2).tolist()


def untrained(rows: Rows) -> dict:
    """What the probes find in the columns themselves."""
    y, s = rows.y[TRAIN:], rows.s[TRAIN:]
    label = probe(rows.x[TRAIN:], sensitive_features=y, probes=["linear"], folds=3)["linear"]
    return {"label": label.balanced_accuracy, **found_with(rows.x[TRAIN:], s)}


def main() -> None:
    """The runs that are missing; written down one by one."""
    torch.set_num_threads(1)
    rows = adult_rows()
    held = recorded.load(NAME)["runs"] if NAME in recorded.names() else []
    done = {(r["method"], r["strength"], r["seed"]): r for r in held}
    wanted = [(m, strength, seed) for seed in SEEDS for m, all_of in STRENGTHS.items() for strength in all_of]
    about = {"command": COMMAND, "counts": counts(rows), "columns": untrained(rows)}
    for key in tqdm([key for key in wanted if key not in done], NAME):
        done[key] = run(rows, *key)
        recorded.write(NAME, {**about, "runs": [done[key] for key in wanted if key in done]}, part="fairness")


if __name__ == "__main__":
    main()
