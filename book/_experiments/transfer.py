"""Train what the page on transfer shows: `make train` calls it. About 15 minutes on two cores.

A classifier learns from cut-outs which shape stands in the middle: a label of one word each. Its layers then start an
FCN-8s that sees few label maps. The scores go into the record "transfer", the classifier beside it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from recording import one_thread, run_all
from segmentation import BATCH, CLASSES, SMALL_FCN, TEST_SEED, WEIGHT, WORLD, scores
from torch import Tensor, nn

from seeing import trained
from seeing.models import FCN, checkpoint
from seeing.ops import cross_entropy
from seeing.training import fit, freeze, parameter_groups

TRUNK = {**SMALL_FCN, "stride": 32}
TRUNK_STEPS, TRUNK_BATCH, TRUNK_SEED = 2400, 32, 5000
STEPS, RATE, DECAY = 400, 2e-3, 0.5
BUDGETS = (16, 64, 256)
STARTS = ("scratch", "probe", "frozen", "fine-tuned", "graded")
SEEDS = 3
POOL_SEED = 9000  # labelled scenes are the first ones of the world's seeds 9000, 9001, ...


class Classifier(nn.Module):
    """One answer for the whole picture: the mean of a network's coarse scores.

    Args:
        network: an FCN; its enlarging layer is not used.
    """

    def __init__(self, network: FCN) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        """Class scores (N, K) of images (N, 3, H, W)."""
        for stage in self.network.stages:
            x = stage(x)
        return self.network.score(self.network.head(x)).mean((2, 3))


def crop_batch(step: int) -> tuple[Tensor, Tensor]:
    """Cut-outs and their one-word labels."""
    images, labels = WORLD.crops(TRUNK_BATCH, TRUNK_SEED, first=step * TRUNK_BATCH)
    return images.contiguous(memory_format=torch.channels_last), labels


def train_trunk() -> None:
    """The classifier, unless it is there already."""
    path = trained.FOLDER / "segmentation" / "trunk.pt"
    if path.exists():
        return
    torch.manual_seed(0)
    model = Classifier(FCN(**TRUNK)).to(memory_format=torch.channels_last)
    fit(model, crop_batch, cross_entropy, TRUNK_STEPS, rate=4e-3, autocast=torch.bfloat16, progress=True)
    checkpoint.save(model.network, path, TRUNK)
    about = {"accuracy": round(accuracy(checkpoint.load(path)), 4), "labels": TRUNK_STEPS * TRUNK_BATCH}
    checkpoint.save(model.network, path, TRUNK, **about, seed=0, command="make train")


def accuracy(network: FCN) -> float:
    """The share of new cut-outs that a network names right."""
    images, labels = WORLD.crops(1024, TEST_SEED)
    with torch.inference_mode():
        named = torch.cat([Classifier(network)(part).argmax(1) for part in images.split(64)])
    return (named == labels).double().mean().item()


def start(name: str) -> tuple[nn.Module, list[dict]]:
    """A network at the start of its training, and what of it learns how fast."""
    model = FCN(**SMALL_FCN, stride=8)
    if name != "scratch":
        trunk = trained.load("trunk")
        model.stages.load_state_dict(trunk.stages.state_dict())
        model.head.load_state_dict(trunk.head.state_dict())
    if name == "probe":  # nothing but 1x1 scores and their enlarging on top of the trunk's maps
        features = model.head[0].in_channels
        model.head, model.score = nn.Identity(), nn.Conv2d(features, CLASSES, 1)
    if name in ("probe", "frozen"):
        freeze(model.stages)
        freeze(model.head)
    top = nn.ModuleList([model.head, model.score, model.side_scores, model.doublings, model.enlarge])
    return model, parameter_groups([*model.stages, top], RATE, DECAY if name == "graded" else 1.0)


def few_scenes(step: int, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """A batch of the labelled scenes there are, drawn anew at each step; half of the batches mirrored."""
    g = torch.Generator().manual_seed(step)
    rows = torch.randperm(len(images), generator=g)[:BATCH]
    images, labels = images[rows], labels[rows]
    return (images.flip(3), labels.flip(2)) if torch.rand((), generator=g) < 0.5 else (images, labels)


def train(run: tuple[int, int, str]) -> dict[str, Any]:
    """One run: the record of its scores."""
    seed, budget, name = run
    torch.manual_seed(seed)
    model, groups = start(name)
    model.to(memory_format=torch.channels_last)
    scenes = WORLD.scenes(budget, POOL_SEED + seed)
    images = scenes.image.contiguous(memory_format=torch.channels_last)
    batch = partial(few_scenes, images=images, labels=scenes.semantic)
    fit(model, batch, partial(cross_entropy, weight=WEIGHT), STEPS, rate=groups, autocast=torch.bfloat16)
    learned = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return {"start": name, "budget": budget, "seed": seed, "learned": learned, **scores(model)}


def main() -> None:
    """The trunk, then every start with every budget and seed, the first seeds first."""
    one_thread()
    train_trunk()
    wanted = [(seed, budget, name) for seed in range(SEEDS) for budget in BUDGETS for name in STARTS]
    run_all("transfer", wanted, train, lambda record: (record["seed"], record["budget"], record["start"]))


if __name__ == "__main__":
    main()
