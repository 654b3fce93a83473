"""The checkpoints that ship with the library: small, complete, and worth what they say."""

import pytest
import torch

from seeing import trained
from seeing.data import World
from seeing.metrics import SegmentationMetrics

WORLD = World.of_difficulty(0.15)
SEGMENTERS = [name for name in trained.names() if name != "trunk"]


@pytest.mark.parametrize("name", SEGMENTERS)
def test_scores_what_it_says(name):
    model, metrics = trained.load(name), SegmentationMetrics(5)
    with torch.inference_mode():
        for scenes in WORLD.batches(512, seed=777):
            metrics.update(model(scenes.image).argmax(1), scenes.semantic)
    assert metrics.compute()["mean_iou"] == pytest.approx(trained.about(name)["miou"], abs=2e-3)


@pytest.mark.parametrize("name", trained.names())
def test_small(name):
    assert trained.path(name).stat().st_size <= 2**20


def test_the_architectures_come_in_the_order_of_the_papers():
    """FCN-32s < FCN-16s < FCN-8s < U-Net, and by more than the seeds differ."""
    runs = trained.runs("architectures")
    scores = {name: [r["miou"] for r in runs if r["model"] == name] for name in ("fcn32", "fcn16", "fcn8", "unet")}
    assert all(len(values) >= 3 for values in scores.values())
    for worse, better in zip(list(scores)[:-1], list(scores)[1:], strict=True):
        assert max(scores[worse]) < min(scores[better])


def test_a_record_for_every_checkpoint():
    runs = {(r["model"], r["seed"]): r for r in trained.runs("architectures")}
    for name in SEGMENTERS:
        assert runs[name, 0]["miou"] == trained.about(name)["miou"]


def test_the_trunk_names_cut_outs_as_it_says():
    trunk = trained.load("trunk")
    images, labels = WORLD.crops(1024, 777)
    named = []
    with torch.inference_mode():
        for x in images.split(64):
            for stage in trunk.stages:
                x = stage(x)
            named.append(trunk.score(trunk.head(x)).mean((2, 3)).argmax(1))
    accuracy = (torch.cat(named) == labels).double().mean().item()
    assert accuracy == pytest.approx(trained.about("trunk")["accuracy"], abs=2e-3)


def transfers(start, budget):
    runs = trained.runs("transfer")
    return [run["miou"] for run in runs if (run["start"], run["budget"]) == (start, budget)]


@pytest.mark.parametrize("budget", [16, 64, 256])
def test_a_trunk_beats_a_start_from_nothing_with_every_seed_and_budget(budget):
    assert len(transfers("fine-tuned", budget)) >= 3
    assert min(transfers("fine-tuned", budget)) > max(transfers("scratch", budget))


def test_unknown_names_are_answered_with_the_known():
    with pytest.raises(ValueError, match=r"there is no trained model 'vgg'; there are .*unet"):
        trained.load("vgg")
    with pytest.raises(ValueError, match="no runs of 'x'"):
        trained.runs("x")
