"""COCO's numbers gathered batch by batch: the same as in one call, across merges, pickles and draws."""

import math
import pickle

import numpy as np
import pytest
import torch

from seeing.kernels import reference as plain
from seeing.metrics import CocoMetrics, coco_evaluate
from tests.reference import coco as reference


@pytest.fixture(scope="module")
def images() -> tuple[list[dict], list[dict]]:
    data, results = reference.data_set(4, images=15)
    return reference.as_tensors(data, results)


def gathered(predictions: list[dict], targets: list[dict], step: int) -> CocoMetrics:
    metrics = CocoMetrics()
    for i in range(0, len(targets), step):
        metrics.update(predictions[i : i + step], targets[i : i + step])
    return metrics


@pytest.mark.parametrize("step", [1, 4, 100])
def test_batches_give_what_one_call_gives(images, step):
    once = coco_evaluate(*images)
    got = gathered(*images, step).compute()
    assert got == once
    assert np.array_equal(got.precision, once.precision)
    assert got.per_class == once.per_class


def test_parts_merge_after_a_pickle(images):
    predictions, targets = images
    first, second = gathered(predictions[:6], targets[:6], 3), gathered(predictions[6:], targets[6:], 2)
    total = pickle.loads(pickle.dumps(first))
    total.merge(pickle.loads(pickle.dumps(second)))
    assert total.compute() == coco_evaluate(*images)
    assert first.compute() == coco_evaluate(predictions[:6], targets[:6])
    total.update(predictions[:1], targets[:1])  # after a result, more may come
    assert total.compute() == coco_evaluate(predictions + predictions[:1], targets + targets[:1])


def test_parts_that_ask_for_something_else_do_not_merge():
    with pytest.raises(ValueError, match="iou_type and criteria must agree"):
        CocoMetrics().merge(CocoMetrics("segm"))
    with pytest.raises(ValueError, match="iou_type and criteria must agree"):
        CocoMetrics().merge(CocoMetrics(iou_thresholds=[0.5]))
    CocoMetrics().merge(CocoMetrics(iou_thresholds=np.linspace(0.5, 0.95, 10)))


def test_nothing_is_undefined():
    assert set(CocoMetrics().compute().values()) == {-1.0}


def test_a_draw_is_the_evaluation_of_the_images_drawn(images):
    predictions, targets = images
    samples, seed = 12, 3
    generator = torch.Generator().manual_seed(seed)
    draws = [torch.randint(len(targets), (len(targets),), generator=generator).tolist() for _ in range(samples)]
    # A draw is a set: its images come in the order they have, the copies of one side by side.
    results = [coco_evaluate([predictions[i] for i in sorted(d)], [targets[i] for i in sorted(d)]) for d in draws]
    got = gathered(*images, 4).bootstrap(samples=samples, seed=seed, confidence=0.8)
    assert list(got) == list(results[0])
    for name, interval in got.items():
        values = torch.tensor([r[name] if r[name] >= 0 else math.nan for r in results], dtype=torch.float64)
        wanted = torch.nanquantile(values, torch.tensor([0.1, 0.9], dtype=torch.float64))
        assert interval == pytest.approx(wanted.tolist(), rel=0, abs=1e-12, nan_ok=True)
    with plain():
        assert gathered(*images, 4).bootstrap(samples=samples, seed=seed, confidence=0.8) == got


def test_a_bootstrap_needs_an_image():
    with pytest.raises(ValueError, match="count 0"):
        CocoMetrics().bootstrap(samples=2)


def test_masks_come_in_batches_too():
    mask = torch.zeros(1, 8, 8, dtype=torch.bool)
    mask[0, 2:6, 2:6] = True
    metrics = CocoMetrics("segm")
    for shift in (0, 1):
        found = {"masks": mask.roll(shift, 2), "scores": torch.ones(1), "labels": torch.ones(1, dtype=torch.int64)}
        metrics.update([found], [{"masks": mask, "labels": torch.ones(1, dtype=torch.int64)}])
    # The second overlaps by 12 / 20: found at .5, .55 and .6.
    assert metrics.compute()["AR100"] == pytest.approx((3 + 0.5 * 7) / 10)
