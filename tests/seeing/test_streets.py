"""What was trained on CamVid's streets: the record is whole and says what the models do."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from seeing import trained
from seeing.data import load_camvid
from seeing.data.camvid import CLASSES
from seeing.metrics import class_iou, confusion_matrix, mean_iou, pixel_accuracy
from seeing.models import checkpoint

FOLDER = trained.FOLDER / "segmentation" / "streets"
MODEL = FOLDER / "tempered.pt"
RUNS = trained.runs("streets")
LOSSES = ("plain", "tempered", "weighted")
K = len(CLASSES)


def record(model, seed=0):
    return next(run for run in RUNS if run["model"] == model and run["seed"] == seed)


def predict(model, image):
    """A frame padded by reflection to multiples of 16, its labels cut back."""
    height, width = image.shape[1:]
    with torch.inference_mode():
        padded = F.pad(image[None], (0, -width % 16, 0, -height % 16), mode="reflect")
        return model(padded)[0, :, :height, :width].argmax(0)


def test_every_loss_was_tried_in_one_setting_and_the_close_ones_twice():
    tried = [(run["model"], run["seed"]) for run in RUNS if run["seed"] is not None]
    assert sorted(tried) == [("plain", 0), ("plain", 1), ("tempered", 0), ("tempered", 1), ("weighted", 0)]
    assert all(run["setting"] == RUNS[0]["setting"] for run in RUNS)


@pytest.mark.parametrize("name", LOSSES)
def test_the_matrices_give_the_recorded_scores(name):
    with np.load(FOLDER / f"{name}.npz") as kept:
        matrix = torch.from_numpy(kept["matrices"]).sum(0)
        assert len(kept["names"]) == len(kept["matrices"]) == 233
    assert matrix.sum(1).tolist() == record("data", None)["test"]
    assert float(mean_iou(matrix)) == pytest.approx(record(name)["miou"], abs=1e-4)
    assert float(pixel_accuracy(matrix)) == pytest.approx(record(name)["pixel_accuracy"], abs=1e-4)
    assert class_iou(matrix).tolist() == pytest.approx(record(name)["iou"], abs=1e-4)


@pytest.mark.parametrize("name", LOSSES)
def test_worst_median_and_best_frame_are_kept(name):
    with np.load(FOLDER / f"{name}.npz") as kept:
        scores = pixel_accuracy(torch.from_numpy(kept["matrices"]))
        assert scores[kept["shown"]].tolist() == [scores.min(), scores.median(), scores.max()]
        assert kept["maps"].shape == (3, 90, 120)
        assert kept["maps"].max() < K


@pytest.mark.parametrize("name", LOSSES)
def test_training_beats_a_map_that_never_looks(name):
    for run in RUNS:
        if run["model"] == name:
            assert all(run[score] > record("place", None)[score] for score in ("mean_accuracy", "miou", "boundary_f"))


def test_tempered_weights_win_by_more_than_the_seeds_differ():
    for score in ("miou", "mean_accuracy", "boundary_f"):
        plain, tempered = ([run[score] for run in RUNS if run["model"] == name] for name in ("plain", "tempered"))
        assert min(tempered) > max(plain)


@pytest.mark.parametrize("name", LOSSES)
def test_small(name):
    assert (FOLDER / f"{name}.npz").stat().st_size <= 2**16


def test_scores_what_it_says(real_data):
    """The model that is kept, every frame again; at half size only, as the models were trained."""
    dataset = load_camvid(real_data, download=False, split="test")
    if dataset.labels(0).shape != (180, 240):
        pytest.skip("the record is of frames of 180x240 pixels")
    assert MODEL.stat().st_size <= 2**20
    assert checkpoint.read(MODEL)["about"]["miou"] == record("tempered")["miou"]
    model = checkpoint.load(MODEL)
    matrix = sum(confusion_matrix(predict(model, image), truth, K) for image, truth in dataset)
    assert float(mean_iou(matrix)) == pytest.approx(record("tempered")["miou"], abs=2e-3)
    assert float(pixel_accuracy(matrix)) == pytest.approx(record("tempered")["pixel_accuracy"], abs=2e-3)
