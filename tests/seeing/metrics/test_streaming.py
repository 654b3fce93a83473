"""What every metric that gathers batches has in common: how it is updated, reset and asked for its classes."""

import copy
import inspect

import numpy as np
import pytest
import torch

from seeing import metrics

MAPS = torch.tensor([[[0, 1], [1, 1]], [[0, 0], [1, 0]]]), torch.tensor([[[0, 1], [0, 255]], [[0, 0], [1, 1]]])
CHANCES = torch.tensor([0.25, 0.75, 0.5, 1.0]), torch.tensor([0, 1, 1, 0])
BOXES = (
    [{"boxes": [[0.0, 0, 4, 4], [9, 9, 12, 12]], "scores": [0.5, 0.75], "labels": [1, 2]}],
    [{"boxes": [[0.0, 0, 4, 4], [5, 5, 8, 8]], "labels": [1, 2]}],
)
CASES = {
    "SegmentationMetrics": (lambda: metrics.SegmentationMetrics(2), MAPS, ("prediction", "target")),
    "SegmentationMetrics, images kept": (
        lambda: metrics.SegmentationMetrics(2, keep_images=True),
        MAPS,
        ("prediction", "target"),
    ),
    "BoundaryMetrics": (lambda: metrics.BoundaryMetrics(2, 1.0), MAPS, ("prediction", "target")),
    "CalibrationMetrics": (lambda: metrics.CalibrationMetrics(4), CHANCES, ("probabilities", "labels")),
    "CalibrationMetrics, mass": (lambda: metrics.CalibrationMetrics(2, "mass"), CHANCES, ("probabilities", "labels")),
    "VocMetrics": (metrics.VocMetrics, BOXES, ("detections", "truths")),
    "CocoMetrics": (metrics.CocoMetrics, BOXES, None),
}
every_metric = pytest.mark.parametrize(("make", "batch", "old"), CASES.values(), ids=CASES)


def test_every_streaming_metric_is_here():
    found = {name for name in metrics.__all__ if inspect.isclass(c := getattr(metrics, name)) and "update" in vars(c)}
    assert found == {name.split(",")[0] for name in CASES}


def state(metric):
    """Everything it holds, as plain lists."""
    return {name: plain(value) for name, value in vars(metric).items()}


def plain(value):
    if isinstance(value, torch.Tensor | np.ndarray):
        return str(value.dtype), str(getattr(value, "device", "")), value.shape, value.tolist()
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return state(value) if hasattr(value, "__dict__") else value


@every_metric
def test_predictions_come_first_then_targets(make, batch, old):
    assert list(inspect.signature(make().update).parameters) == ["predictions", "targets"]
    named, placed = make(), make()
    assert named.update(predictions=batch[0], targets=batch[1]) is None
    placed.update(*batch)
    assert state(named) == state(placed)
    np.testing.assert_equal(named.compute(), placed.compute())


@every_metric
def test_the_keywords_that_it_had_still_work(make, batch, old):
    if old is None:
        return
    metric, wanted = make(), make()
    wanted.update(*batch)
    with pytest.warns(DeprecationWarning, match="old name") as caught:
        metric.update(**dict(zip(old, batch, strict=True)))
    assert state(metric) == state(wanted)
    assert {warning.filename for warning in caught} == {__file__}
    said = [str(warning.message).split("; ")[0].split(".update")[1] for warning in caught]
    assert said == [f"({one}=) is now {new}=" for one, new in zip(old, ("predictions", "targets"), strict=True)]


@every_metric
def test_after_a_reset_it_is_as_new(make, batch, old):
    metric, fresh = make(), make()
    before = copy.deepcopy(state(fresh))
    metric.update(*batch)
    metric.compute()
    assert state(metric) != before
    assert metric.reset() is None
    assert state(metric) == before
    np.testing.assert_equal(metric.compute(), make().compute())
    metric = make()
    for _ in range(2):
        metric.update(*batch)
    metric.reset()
    metric.update(*batch)
    fresh.update(*batch)
    assert state(metric) == state(fresh)
    np.testing.assert_equal(metric.compute(), fresh.compute())


def test_a_reset_does_not_reach_what_was_merged_from_it():
    one, other = metrics.SegmentationMetrics(2, keep_images=True), metrics.SegmentationMetrics(2, keep_images=True)
    other.update(*MAPS)
    one.merge(other)
    other.reset()
    assert (one.images.shape, other.images.shape) == ((2, 2, 2), (0, 2, 2))
    assert one.matrix.sum() == 7


def test_per_class_is_a_property_everywhere():
    voc = metrics.VocMetrics()
    voc.update(*BOXES)
    assert voc.per_class == {1: 1.0, 2: 0.0}
    coco = metrics.CocoMetrics()
    coco.update(*BOXES)
    assert coco.compute().per_class.keys() == {1, 2}
    for value in (getattr(metrics, name) for name in metrics.__all__):
        assert isinstance(getattr(value, "per_class", property()), property)


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"CocoMetrics"}))
def test_what_is_undefined_is_nan(name):
    score = CASES[name][0]().compute()
    assert all(np.isnan(list(score.values()) if isinstance(score, dict) else [score]))


def test_coco_has_its_published_minus_one():
    assert set(metrics.CocoMetrics().compute().values()) == {-1}
