"""Record what the page on domain adaptation shows: `python book/_experiments/fairness_domain_adaptation.py`.

It takes about 6 minutes on one free core; runs that the record holds already are not done again. Strengths and learning
rates were chosen with labelled pictures of the new camera, which nobody in need of adaptation has: on seed 50, which
is not used here.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from seeing import recorded
from seeing.data import World
from seeing.fairness import (
    Adversarial,
    AdversarialModel,
    Camera,
    adapt_batch_norm,
    adversarial_loss,
    ganin_schedule,
    mmd_squared,
    probe,
    small_encoder,
    standardise_colours,
)
from seeing.training import fit, parameter_groups

NAME = "domain_adaptation"
COMMAND = "python book/_experiments/fairness_domain_adaptation.py"
WORLD = World.of_difficulty(0.3)
CLASSES, SIZE, PIXELS = 5, 64, 32
TRAIN, TEST, TEST_SEED = 4000, 2000, 999
STEPS, BATCH = 800, 32
ADVERSARY = 5  # it learns five times as fast
RATE = {"reversal": 2e-3}  # all others: 4e-3
BETAS = {"reversal": (0.5, 0.99)}  # with its usual memory, Adam pushes on after the adversary has changed its mind
STRENGTH = {"reversal": 1.0, "MMD": 5.0, "MMD, drawn alike": 5.0}
SEEDS = (0, 1, 2)
DISCS = 0.7  # share of class 1 among the unlabelled pictures where the classes differ, instead of .2
BALANCED = ("source only", "augmented", "standardised", "reversal", "MMD", "target labels")
SKEWED = ("reversal", "MMD", "MMD, drawn alike")


@lru_cache(4)
def pool(seed: int, discs: float | None = None) -> tuple[Tensor, Tensor]:
    """Crops as the old camera takes them, and their classes.

    Args:
        seed: of the scenes.
        discs: share of class 1, the other classes alike; None leaves the five classes equally likely.
    """
    if discs is None:
        return WORLD.crops(TRAIN, seed, PIXELS)
    images, labels = WORLD.crops(4 * TRAIN, seed, PIXELS)
    many = round(discs * TRAIN)
    found = (labels == 1).nonzero()[:, 0]  # fewer than wanted: some are drawn more than once
    again = torch.randint(len(found), (many,), generator=torch.Generator().manual_seed(seed))
    rows = torch.cat([found[again], (labels != 1).nonzero()[: TRAIN - many, 0]])
    return images[rows], labels[rows]


def new_model(seed: int) -> AdversarialModel:
    """A classifier of crops, with an adversary that looks for the camera."""
    torch.manual_seed(seed)
    model = AdversarialModel(SIZE, labels=CLASSES, size=SIZE)
    model.encoder = small_encoder(SIZE)
    return model


def train(method: str, seed: int, discs: float | None = None) -> AdversarialModel:
    """One training; labels of the new camera are used by "target labels" alone."""
    alike = method == "MMD, drawn alike"
    old, labels = pool(1000 + seed, discs if alike else None)
    new, new_labels = pool(2000 + seed, discs)
    new = Camera.cheap().take(new)
    if method == "standardised":
        old = standardise_colours(old)
    if method == "target labels":
        old, labels = new, new_labels
    model = new_model(seed)
    strength = STRENGTH.get(method)
    camera = torch.arange(2).repeat_interleave(BATCH)
    weight = torch.full((CLASSES,), 1.0)
    if alike:  # every class is to count as much as before
        weight = len(labels) / (CLASSES * labels.bincount(minlength=CLASSES).float())

    def batch(step: int) -> tuple[Tensor, tuple[Tensor, float]]:
        g = torch.Generator().manual_seed(100_000 * seed + step)
        rows, others = torch.randint(TRAIN, (2, BATCH), generator=g)
        x = old[rows]
        if method == "augmented":
            x = Camera.random(BATCH, g).take(x)
        if strength is not None:
            x = torch.cat([x, new[others]])
        ramp = ganin_schedule(step / STEPS)
        model.strength = strength * ramp if method == "reversal" else 0.0
        return x, (labels[rows], ramp)

    def loss(output: Adversarial, target: tuple[Tensor, float]) -> Tensor:
        y, ramp = target
        if method == "reversal":
            return adversarial_loss(output._replace(label=output.label[:BATCH]), (y, camera))
        value = F.cross_entropy(output.label[:BATCH], y, weight=weight)
        if strength is not None:
            z = output.representation
            value = value + strength * ramp * mmd_squared(z[:BATCH], z[BATCH:])
        return value

    learners = nn.ModuleList([model.encoder, model.predictor])
    groups = parameter_groups([learners, model.adversary], RATE.get(method, 4e-3) * ADVERSARY, 1 / ADVERSARY)
    fit(model, batch, loss, STEPS, rate=[{**group, "betas": BETAS.get(method, (0.9, 0.999))} for group in groups])
    return model


@torch.no_grad()
def judged(model: AdversarialModel, x: Tensor, y: Tensor) -> tuple[Tensor, list[float], float]:
    """Representations of pictures, the share named right by class, and overall."""
    parts = [model(part) for part in x.split(200)]
    right = (torch.cat([part.label for part in parts]).argmax(1) == y).double()
    z = torch.cat([part.representation for part in parts])
    return z, [right[y == k].mean().item() for k in range(CLASSES)], right.mean().item()


def scores(model: AdversarialModel, standardised: bool) -> dict:
    """What a model says of scenes that no training saw, through both cameras."""
    x, y = WORLD.crops(TEST, TEST_SEED, PIXELS)
    cameras = [x, Camera.cheap().take(x)]
    if standardised:
        cameras = [standardise_colours(images) for images in cameras]
    (old, _, old_right), (new, recalls, new_right) = (judged(model, images, y) for images in cameras)
    half = TEST // 2  # no scene may be on both sides
    z, camera = torch.cat([old[:half], new[half:]]), torch.arange(2).repeat_interleave(half)
    found = probe(z, sensitive_features=camera, probes=["linear"], folds=3)["linear"].balanced_accuracy
    return {"old": old_right, "new": new_right, "recalls": recalls, "camera": found}


def run(method: str, discs: float | None, seed: int) -> list[dict]:
    """The records of one training; the source's model is also adapted by its statistics alone."""
    model = train(method, seed, discs)
    records = [{"method": method, "discs": discs, "seed": seed, **scores(model, method == "standardised")}]
    if method == "source only":
        for share in (None, DISCS):
            adapt_batch_norm(model, Camera.cheap().take(pool(2000 + seed, share)[0]))
            records.append({"method": "statistics", "discs": share, "seed": seed, **scores(model, False)})
    return records


def main() -> None:
    """The runs that are missing; written down one by one."""
    torch.set_num_threads(1)
    runs = recorded.load(NAME)["runs"] if NAME in recorded.names() else []
    done = {(r["method"], r["discs"], r["seed"]) for r in runs}
    wanted = [
        (method, discs, seed)
        for seed in SEEDS
        for discs, methods in ((None, BALANCED), (DISCS, SKEWED))
        for method in methods
    ]
    about = {"command": COMMAND, "parameters": sum(p.numel() for p in new_model(0).parameters())}
    about |= {"steps": STEPS, "batch": BATCH, "train": TRAIN, "test": TEST}
    for key in tqdm([key for key in wanted if key not in done], NAME):
        runs += run(*key)
        recorded.write(NAME, {**about, "runs": runs}, part="fairness")


if __name__ == "__main__":
    main()
