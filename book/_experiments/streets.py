"""Train on CamVid's streets what the page "Real streets" shows: `python book/_experiments/streets.py`.

Half an hour on one core, at half size. Scores go into the record "streets" as soon as a run is over;
one model, and what seed 0 of each says of the test frames, into streets/. What is done is not done again, and an
interrupted run goes on. With a GPU and the full pictures of 360x480:

    python book/_experiments/streets.py --height 360 --width 0.5 --batch 12 --steps 20000 --out /some/folder
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from seeing import recorded, trained
from seeing.data import load_camvid
from seeing.data.camvid import CLASSES
from seeing.data.target import VOID
from seeing.metrics import BoundaryMetrics, SegmentationMetrics, class_accuracy, class_iou, pixel_accuracy
from seeing.models import UNet, checkpoint
from seeing.ops import cross_entropy
from seeing.training import fit

K = len(CLASSES)
MULTIPLE = 16  # a U-Net of depth 4 halves four times
RATE = 4e-3
POWERS = {"plain": 0.0, "tempered": 0.5, "weighted": 1.0}  # of the classes' weights
RUNS = [("plain", 0), ("tempered", 0), ("weighted", 0), ("plain", 1), ("tempered", 1)]  # twice where it is close
KEPT = ("tempered", 0)
SHOWN = 2  # every second pixel of a label map is kept for the page
Split = tuple[Tensor, Tensor, list[str]]  # pictures (N, 3, H, W) uint8, labels (N, H, W) uint8, file names


def read(split: str, options: argparse.Namespace) -> Split:
    """All frames of a split on the device, shrunk to the wanted height where they are larger."""
    dataset = load_camvid(options.root, download=options.download, split=split)
    pictures, labels = [], []
    for image, truth in tqdm(dataset, f"{split} frames", leave=False):
        if image.shape[1] > options.height:
            size = (options.height, round(image.shape[2] * options.height / image.shape[1]))
            image = F.interpolate(image[None], size, mode="area")[0]
            truth = F.interpolate(truth[None, None].float(), size, mode="nearest-exact")[0, 0].long()
        pictures.append((255 * image).round().byte())
        labels.append(truth.byte())
    names = [path.stem for path in dataset.pictures]
    return torch.stack(pictures).to(options.device), torch.stack(labels).to(options.device), names


def class_counts(labels: Tensor) -> tuple[Tensor, Tensor]:
    """Pixels of each class, and labelled pixels of the frames in which the class occurs: (K,) each."""
    counts = torch.stack([torch.bincount(frame.flatten().long(), minlength=256)[:K] for frame in labels])
    return counts.sum(0), ((counts > 0) * counts.sum(1, keepdim=True)).sum(0)


def median_frequency_weights(labels: Tensor) -> Tensor:
    """The median frequency over each: below 1 for common classes."""
    pixels, around = class_counts(labels)
    frequency = pixels.double() / around
    return (frequency.median() / frequency).float()


def crops(step: int, split: Split, batch: int, seed: int) -> tuple[Tensor, Tensor]:
    """Random windows of random size, enlarged or shrunk to one size, flipped and relit: the batch of one step."""
    pictures, labels, _ = split
    g = torch.Generator().manual_seed(1_000_003 * seed + step)
    full = pictures.shape[2:]
    size = [int(0.72 * n) // 32 * 32 for n in full]
    images, targets = [], []
    for index in torch.randint(len(pictures), (batch,), generator=g).tolist():
        zoom, gain, flip, *place = torch.rand(5, generator=g).tolist()
        zoom = 0.75 * 2**zoom  # from 3/4 to 3/2
        window = [min(n, round(c / zoom)) for n, c in zip(full, size, strict=True)]
        spare = [n - w + 1 for n, w in zip(full, window, strict=True)]
        top, left = (int(p * n) for p, n in zip(place, spare, strict=True))
        where = (slice(top, top + window[0]), slice(left, left + window[1]))
        image = pictures[index][:, *where][None].float() / 255
        target = labels[index][where][None, None].float()
        image = F.interpolate(image, size, mode="bilinear", antialias=True)[0]
        image = image * (0.6 + 0.8 * gain)
        target = F.interpolate(target, size, mode="nearest-exact")[0, 0].long()
        images.append(image.flip(2) if flip < 0.5 else image)
        targets.append(target.flip(1) if flip < 0.5 else target)
    return torch.stack(images).contiguous(memory_format=torch.channels_last), torch.stack(targets)


def predictions(model: nn.Module, pictures: Tensor, batch: int = 16) -> Iterator[Tensor]:
    """The label of every pixel: frames are padded by reflection to what the network takes, and its answer cut back."""
    height, width = pictures.shape[2:]
    right, bottom = -width % MULTIPLE, -height % MULTIPLE
    with torch.inference_mode():
        for frames in pictures.split(batch):
            padded = F.pad(frames.float() / 255, (0, right, 0, bottom), mode="reflect")
            yield model(padded.contiguous(memory_format=torch.channels_last))[..., :height, :width].argmax(1)


def scores(predicted: Tensor, labels: Tensor) -> tuple[dict[str, Any], Tensor]:
    """The numbers of one set of label maps, and the confusion matrix of every frame, (N, K, K)."""
    tolerance = 0.0075 * float(np.hypot(*labels.shape[1:]))
    metrics, outlines = SegmentationMetrics(K, keep_images=True), BoundaryMetrics(K, tolerance)
    for guess, truth in zip(predicted, labels, strict=True):
        metrics.update(guess, truth.long())
        outlines.update(guess, truth.long())
    computed = metrics.compute()
    record = {
        "pixel_accuracy": round(computed["pixel_accuracy"], 4),
        "mean_accuracy": round(computed["mean_accuracy"], 4),
        "miou": round(computed["mean_iou"], 4),
        "boundary_f": round(outlines.compute()["boundary_f"], 4),
        "iou": [round(v, 4) for v in class_iou(metrics.matrix).tolist()],
        "accuracy": [round(v, 4) for v in class_accuracy(metrics.matrix).tolist()],
    }
    return record, metrics.images.cpu()


class Curve:
    """What a run writes down as it goes: the loss of each step, and every so many steps mIoU on the validation frames.

    It lies in a file beside the run's own, so that it goes on where an interrupted run does.
    """

    def __init__(self, model: nn.Module, validation: Split, steps: int, path: Path):
        self.model, self.validation, self.steps, self.path = model, validation, steps, path
        self.every = max(1, steps // 20)
        self.points: dict[str, dict[str, float]] = {"loss": {}, "miou": {}}
        if path.exists():
            self.points = json.loads(path.read_text())

    def after_step(self, step: int, loss: float) -> None:
        """What `fit` calls: the model is scored every so many steps, and after the last."""
        self.points["loss"][str(step)] = loss
        if (step + 1) % self.every == 0 or step + 1 == self.steps:
            self.points["miou"][str(step + 1)] = self.score()
            self.write()

    def score(self) -> float:
        """The mIoU of the model as it is."""
        metrics = SegmentationMetrics(K)
        self.model.eval()
        for guess, truth in zip(predictions(self.model, self.validation[0]), self.validation[1].split(16), strict=True):
            metrics.update(guess, truth.long())
        return round(metrics.compute()["mean_iou"], 4)

    def write(self) -> None:
        """Put the curve into its file."""
        self.path.write_text(json.dumps(self.points))

    def drawn(self) -> dict[str, Any]:
        """The curve for a figure: the loss averaged over as many steps as lie between two scores."""
        loss = torch.tensor([self.points["loss"].get(str(s), torch.nan) for s in range(self.steps)])
        means = [round(float(part.nanmean()), 4) for part in loss.split(self.every)]
        points = sorted((int(step), value) for step, value in self.points["miou"].items())
        return {"every": self.every, "loss": means, "validation_miou": [value for _, value in points]}


def train(name: str, seed: int, data: dict[str, Split], options: argparse.Namespace) -> dict[str, Any]:
    """One run: its record. Of seed 0 the counts of every frame are kept, too, and one model."""
    torch.manual_seed(seed)
    arguments = {"in_channels": 3, "num_classes": K, "width": options.width, "padded": True, "batch_norm": True}
    model = UNet(**arguments).to(options.device, memory_format=torch.channels_last)
    weight = median_frequency_weights(data["train"][1]) ** POWERS[name]
    batch = partial(crops, split=data["train"], batch=options.batch, seed=1 + seed)
    loss = partial(cross_entropy, weight=weight)
    unfinished = options.weights / f"streets_{name}_{seed}.run"
    curve = Curve(model, data["val"], options.steps, unfinished.with_suffix(".curve"))
    kept = {"resume": unfinished, "save_every": curve.every, "progress": True}
    kind = {"rate": RATE, "autocast": torch.bfloat16}
    try:
        fit(model, batch, loss, options.steps, after_step=curve.after_step, **kind, **kept)
    finally:
        curve.write()
    record = {"model": name, "seed": seed, "parameters": sum(p.numel() for p in model.parameters())}
    pictures, labels, names = data["test"]
    folder = options.weights / "streets"
    file = folder / (f"{name}.pt" if (name, seed) == KEPT else f"{name}_{seed}.unfinished")
    checkpoint.save(model.cpu(), file, arguments)  # what is scored is what is kept, rounded to half precision
    model = checkpoint.load(file, options.device).to(memory_format=torch.channels_last)
    predicted = torch.cat(list(predictions(model, pictures)))
    numbers, matrices = scores(predicted, labels)
    record |= numbers | {"curve": curve.drawn()}
    if seed == 0:
        keep_frames(folder / f"{name}.npz", names, matrices, predicted)
    if (name, seed) == KEPT:
        checkpoint.save(model.cpu(), file, arguments, seed=seed, miou=record["miou"], command=options.command)
    else:
        file.unlink()
    curve.path.unlink(missing_ok=True)
    return record


def keep_frames(path: Path, names: list[str], matrices: Tensor, predicted: Tensor) -> None:
    """Keep every frame's confusion matrix, and the label maps of the worst, the median and the best frame."""
    order = pixel_accuracy(matrices).argsort(stable=True)
    shown = order[[0, len(order) // 2, -1]]
    maps = predicted.cpu()[shown, ::SHOWN, ::SHOWN].byte().numpy()
    np.savez_compressed(path, names=names, matrices=matrices.int().numpy(), shown=shown.numpy(), maps=maps)


def without_looking(data: dict[str, Split]) -> Iterator[dict[str, Any]]:
    """Two answers that never see the picture: road everywhere, and at each place its most frequent training class."""
    truth, labels = data["train"][1], data["test"][1]
    votes = torch.stack([(truth == label).sum(0) for label in range(K)])
    places = votes.argmax(0)
    for name, one in (("road", torch.full_like(places, CLASSES.index("road"))), ("place", places)):
        small = {"map": one[:: 2 * SHOWN, :: 2 * SHOWN].tolist()} if name == "place" else {}
        yield {"model": name, "seed": None, "parameters": 0, **scores(one.expand(labels.shape), labels)[0], **small}


def described(data: dict[str, Split]) -> dict[str, Any]:
    """What the training frames hold: pixels a class, and labelled pixels of the frames that show it."""
    labels = {split: part[1] for split, part in data.items()}
    pixels, around = class_counts(labels["train"])
    return {
        "model": "data",
        "seed": None,
        "drives": {split: Counter(name.split("_")[0] for name in part[2]) for split, part in data.items()},
        "train": pixels.tolist(),
        "around": around.tolist(),
        "test": class_counts(labels["test"])[0].tolist(),
        "void": {split: round(float((part == VOID).float().mean()), 4) for split, part in labels.items()},
        "weights": [round(v, 3) for v in median_frequency_weights(labels["train"]).tolist()],
    }


def main() -> None:
    """Do what is not done yet, one run after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", help="folder above camvid (SEEING_DATA or the cache if left out)")
    parser.add_argument("--download", action="store_true", help="fetch CamVid if it is not there")
    parser.add_argument("--height", type=int, default=180, help="larger frames are shrunk to this height")
    parser.add_argument("--width", type=float, default=0.125, help="of the U-Net")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--out", type=Path, help="folder for weights and scores (the library itself if left out)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    setting = {"height": options.height, "width": options.width, "batch": options.batch, "steps": options.steps}
    options.command = "python book/_experiments/streets.py " + " ".join(f"--{k} {v}" for k, v in setting.items())
    options.weights = (options.out or trained.FOLDER) / "segmentation"
    (options.weights / "streets").mkdir(parents=True, exist_ok=True)
    records = options.out or recorded.FOLDER
    path = records / "segmentation" / "streets.json"
    done = json.loads(path.read_text())["runs"] if path.exists() else []
    if any(record["setting"] != setting for record in done):
        raise SystemExit(f"{path} holds runs of another setting than {setting}: name another folder with --out")

    def keep(record: dict[str, Any]) -> None:
        done.append({"setting": setting, **record})
        recorded.write("streets", {"command": options.command, "runs": done}, "segmentation", folder=records)

    data = {split: read(split, options) for split in ("train", "val", "test")}
    held = {(record["model"], record["seed"]) for record in done}
    if ("data", None) not in held:
        keep(described(data))
        for record in without_looking(data):
            keep(record)
    for name, seed in tqdm([run for run in RUNS if run not in held], "runs"):
        keep(train(name, seed, data, options))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
