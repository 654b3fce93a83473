"""Train what the pages of Part I show: `make train`. About 30 minutes on two cores; what is done is not done again.

Every run is small and seeded. Its scores go into the record "architectures" as soon as it is over, and the
model of seed 0 beside it. To train again, remove the files.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from recording import run_all
from torch import Tensor, nn

from seeing import models, trained
from seeing.data import World
from seeing.metrics import SegmentationMetrics, class_iou
from seeing.models import checkpoint
from seeing.ops import cross_entropy
from seeing.training import fit

WORLD = World.of_difficulty(0.15)
TEST_SEED, TEST_SCENES = 777, 512  # no run trains on these
BATCH, STEPS, RATE = 16, 1600, 4e-3
CLASSES = 5
# Four pixels of five are background. Counted in full, they hold some runs for long on a plateau where objects are
# found and not named.
WEIGHT = torch.tensor([0.2, 1, 1, 1, 1])

SMALL_FCN = {"num_classes": CLASSES, "width": 0.1, "context": 1, "padding": 1, "batch_norm": True, "dropout": 0.1}
SMALL_UNET = {"in_channels": 3, "num_classes": CLASSES, "width": 0.18, "padded": True, "depth": 3, "batch_norm": True}
ARCHITECTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "fcn32": ("FCN", {**SMALL_FCN, "stride": 32}),
    "fcn16": ("FCN", {**SMALL_FCN, "stride": 16}),
    "fcn8": ("FCN", {**SMALL_FCN, "stride": 8}),
    "unet": ("UNet", SMALL_UNET),
    "unet_without_skips": ("UNet", {**SMALL_UNET, "skips": False}),
    "segnet": ("SegNet", {"num_classes": CLASSES, "width": 0.1}),
    "deconvnet": ("DeconvNet", {"num_classes": CLASSES, "width": 0.08, "context": 2}),
}
SEEDS = {"segnet": 1, "deconvnet": 1}  # the slowest; three of the others


def scene_batch(step: int, seed: int) -> tuple[Tensor, Tensor]:
    """The images and label maps of one step."""
    scenes = WORLD.scenes(BATCH, seed, first=step * BATCH)
    return scenes.image.contiguous(memory_format=torch.channels_last), scenes.semantic


def scores(model: nn.Module) -> dict[str, Any]:
    """The IoU of each class on the test scenes, their mean, and the mean within two pixels of an outline."""
    whole, edges = SegmentationMetrics(CLASSES), SegmentationMetrics(CLASSES)
    with torch.inference_mode():
        for scenes in WORLD.batches(TEST_SCENES, seed=TEST_SEED):
            prediction = model(scenes.image).argmax(1)
            whole.update(prediction, scenes.semantic)
            edges.update(prediction, torch.where(near_outline(scenes.semantic), scenes.semantic, 255))
    return {
        "miou": round(whole.compute()["mean_iou"], 4),
        "edge_miou": round(edges.compute()["mean_iou"], 4),
        "iou": [round(v, 4) for v in class_iou(whole.matrix).tolist()],
    }


def near_outline(labels: Tensor, reach: int = 2) -> Tensor:
    """Where a window of 2 reach + 1 pixels around a pixel holds more than one label."""
    x = labels.float()[:, None]
    size = 2 * reach + 1
    most, least = F.max_pool2d(x, size, 1, reach), -F.max_pool2d(-x, size, 1, reach)
    return (most != least)[:, 0]


def train(run: tuple[str, int]) -> dict[str, Any]:
    """One run: the record of its scores."""
    name, seed = run
    kind, arguments = ARCHITECTURES[name]
    torch.manual_seed(seed)
    model = getattr(models, kind)(**arguments).to(memory_format=torch.channels_last)
    batch = partial(scene_batch, seed=1000 + seed)
    fit(model, batch, partial(cross_entropy, weight=WEIGHT), STEPS, rate=RATE, autocast=torch.bfloat16)
    path = trained.FOLDER / "segmentation" / f"{name}.pt"
    if seed == 0:  # what is scored is what is kept, rounded to half precision
        checkpoint.save(model, path, arguments)
        model = checkpoint.load(path)
    record = {"model": name, "seed": seed, "parameters": sum(p.numel() for p in model.parameters()), **scores(model)}
    if seed == 0:
        about = {key: value for key, value in record.items() if key != "model"}
        checkpoint.save(model, path, arguments, **about, command="make train")
    return record


def main() -> None:
    """Train every architecture with every seed, the first seeds first and the slowest networks last."""
    wanted = [(name, seed) for name in ARCHITECTURES for seed in range(SEEDS.get(name, 3))]
    wanted.sort(key=lambda run: (run[0] in SEEDS, run[1]))
    run_all("architectures", wanted, train, lambda record: (record["model"], record["seed"]))


if __name__ == "__main__":
    main()
