"""PASCAL VOC's average precision: a published example, a slow loop, and the mistakes that give other numbers."""

import math
import pickle

import numpy as np
import pytest
import torch

from seeing.data.average_precision_example import average_precision_example
from seeing.metrics import VocMetrics, precision_recall, voc_ap, voc_ap_per_class
from tests.reference import voc_ap as reference

SQUARE = torch.tensor([[0.0, 0.0, 10.0, 10.0]])


def random_lists(seed: int, classes: int = 3, images: int = 10) -> tuple[list[dict], list[dict]]:
    """Small whole coordinates and few scores: many overlaps at a threshold, and ties. Some truths are difficult."""
    rng = np.random.default_rng(seed)
    detections, truths = [], []
    for _ in range(images):
        count, found = rng.integers(0, 5), rng.integers(0, 10)
        box = boxes(rng, count)
        truths.append({"boxes": box, "labels": labels(rng, count, classes)})
        truths[-1]["difficult"] = torch.from_numpy(rng.random(count) < 0.2)
        near = boxes(rng, found)
        if count:
            copied = rng.random(found) < 0.6
            near[copied] = box[rng.integers(0, count, int(copied.sum()))] + torch.tensor([0.0, 0, 1, 0])
        scores = torch.from_numpy(rng.integers(0, 6, found) / 6)
        detections.append({"boxes": near, "scores": scores, "labels": labels(rng, found, classes)})
    return detections, truths


def boxes(rng: np.random.Generator, count: int) -> torch.Tensor:
    corner, size = rng.integers(0, 8, (count, 2)), rng.integers(0, 6, (count, 2))
    return torch.from_numpy(np.concatenate([corner, corner + size], axis=1).astype(np.float32))


def labels(rng: np.random.Generator, count: int, classes: int) -> torch.Tensor:
    return torch.from_numpy(rng.integers(1, classes + 1, count))


def test_the_published_example():
    example = average_precision_example()
    assert round(voc_ap(*example, 0.3), 4) == 0.2684
    assert round(voc_ap(*example, 0.3, "11point", inclusive=True), 4) == 0.2684
    assert round(voc_ap(*example, 0.3, "area", inclusive=True), 5) == 0.24569


def test_half_open_boxes_lose_one_match_of_the_published_example():
    example = average_precision_example()
    assert precision_recall(*example, 0.3).recall[-1] == 6 / 15
    assert precision_recall(*example, 0.3, inclusive=True).recall[-1] == 7 / 15
    assert round(voc_ap(*example, 0.3, "area"), 4) == 0.2254


def test_the_curve_of_only_the_overlapping_boxes_is_another_number():
    detections, truths = average_precision_example()
    wrong = reference.average_precision(detections, truths, 0.3, "11point", drop_wrong=True)
    assert round(wrong, 4) == 0.4545
    assert voc_ap(detections, truths, 0.3) == pytest.approx(
        reference.average_precision(detections, truths, 0.3, "11point")
    )


@pytest.mark.parametrize("inclusive", [False, True])
@pytest.mark.parametrize("method", ["11point", "area"])
@pytest.mark.parametrize("seed", range(20))
def test_equals_the_slow_loop(seed, method, inclusive):
    detections, truths = random_lists(seed)
    threshold = [0.5, 0.3, 0.75, 1.0][seed % 4]
    got = voc_ap_per_class(detections, truths, threshold, method, inclusive=inclusive)
    wanted = {
        k: reference.average_precision(detections, truths, threshold, method, inclusive, k)
        for k in sorted({k for r in [*detections, *truths] for k in r["labels"].tolist()})
    }
    assert got == pytest.approx(wanted, rel=1e-12, nan_ok=True)
    known = [v for v in wanted.values() if not math.isnan(v)]
    mean = voc_ap(detections, truths, threshold, method, inclusive=inclusive)
    assert mean == pytest.approx(np.mean(known)) if known else math.isnan(mean)


def test_worked_by_hand():
    truths = [{"boxes": torch.tensor([[0.0, 0, 10, 10], [20.0, 0, 30, 10]])}]
    # right, the same truth again, nowhere, right
    found = torch.tensor([[0.0, 0, 10, 10], [0.0, 0, 10, 9], [50.0, 0, 60, 10], [20.0, 0, 30, 10]])
    detections = [{"boxes": found, "scores": torch.tensor([0.9, 0.8, 0.7, 0.6])}]
    curve = precision_recall(detections, truths)
    assert curve.recall.tolist() == [0.5, 0.5, 0.5, 1]
    assert curve.precision.tolist() == [1, 1 / 2, 1 / 3, 1 / 2]
    assert curve.scores.tolist() == pytest.approx([0.9, 0.8, 0.7, 0.6])
    assert voc_ap(detections, truths) == pytest.approx((6 * 1 + 5 * 0.5) / 11)
    assert voc_ap(detections, truths, method="area") == 0.75


@pytest.mark.parametrize(("height", "ap"), [(5.0, 1.0), (4.999, 0.0)])
def test_an_overlap_of_exactly_the_threshold_is_enough(height, ap):
    found = {"boxes": torch.tensor([[0.0, 0, 10, height]]), "scores": torch.ones(1)}
    assert voc_ap([found], [{"boxes": SQUARE}]) == ap


def test_a_detection_does_not_fall_back_to_its_second_best_truth():
    truths = [{"boxes": torch.tensor([[0.0, 0, 10, 10], [2.0, 0, 12, 10]])}]
    found = {"boxes": torch.tensor([[0.0, 0, 10, 10], [0.5, 0, 10.5, 10]]), "scores": torch.tensor([0.9, 0.8])}
    assert voc_ap([found], truths, method="area") == 0.5


def test_difficult_truths_are_left_out():
    truth = {"boxes": torch.cat([SQUARE, SQUARE + 20]), "difficult": torch.tensor([False, True])}
    found = {"boxes": torch.cat([SQUARE + 20, SQUARE + 20, SQUARE]), "scores": torch.tensor([0.9, 0.8, 0.7])}
    assert voc_ap([found], [truth]) == 1
    assert len(precision_recall([found], [truth]).scores) == 1
    assert voc_ap([found], [{"boxes": truth["boxes"]}]) < 1


def test_boxes_without_area_overlap_nothing_unless_they_are_pixels():
    point = {"boxes": torch.tensor([[3.0, 3, 3, 3]]), "scores": torch.ones(1)}
    assert voc_ap([point], [{"boxes": point["boxes"]}]) == 0
    assert voc_ap([point], [{"boxes": point["boxes"]}], inclusive=True) == 1


def test_classes_without_truths_are_left_out_of_the_mean():
    found = {"boxes": torch.cat([SQUARE, SQUARE]), "scores": torch.ones(2), "labels": torch.tensor([1, 2])}
    truth = {"boxes": SQUARE, "labels": torch.tensor([1])}
    per_class = voc_ap_per_class([found], [truth])
    assert per_class == pytest.approx({1: 1.0, 2: math.nan}, nan_ok=True)
    assert voc_ap([found], [truth]) == 1
    assert precision_recall([found], [truth], label=1).precision.tolist() == [1]
    assert precision_recall([found], [truth]).precision.tolist() == [1, 0.5]


def test_nothing_to_find_is_nan():
    nothing = {"boxes": torch.zeros(0, 4)}
    found = {"boxes": SQUARE, "scores": torch.ones(1)}
    assert math.isnan(voc_ap([], []))
    assert math.isnan(voc_ap([{**nothing, "scores": torch.zeros(0)}], [nothing]))
    assert math.isnan(voc_ap([found], [nothing]))
    assert voc_ap([{**nothing, "scores": torch.zeros(0)}], [{"boxes": SQUARE}]) == 0
    assert precision_recall([found], [nothing]).recall.isnan().all()
    assert len(precision_recall([], []).recall) == 0


def test_batches_merges_and_pickles_give_what_one_call_gives():
    detections, truths = random_lists(0)
    first, second = VocMetrics(method="area"), VocMetrics(method="area")
    for i in range(0, 6, 2):
        first.update(detections[i : i + 2], truths[i : i + 2])
    second.update(detections[6:], truths[6:])
    first.merge(pickle.loads(pickle.dumps(second)))
    assert first.compute() == voc_ap(detections, truths, method="area")
    assert first.per_class == voc_ap_per_class(detections, truths, method="area")
    assert math.isnan(VocMetrics().compute())
    with pytest.raises(ValueError, match="must agree"):
        first.merge(VocMetrics())


def test_a_draw_is_the_evaluation_of_the_images_drawn():
    rng = np.random.default_rng(1)
    detections, truths = random_lists(1)
    for d in detections:
        d["scores"] = torch.from_numpy(rng.random(len(d["boxes"])))  # no ties in one image
    metrics = VocMetrics()
    metrics.update(detections, truths)
    got = metrics.bootstrap(samples=9, confidence=0.5, seed=2)
    generator = torch.Generator().manual_seed(2)
    draws = [torch.randint(len(truths), (len(truths),), generator=generator).tolist() for _ in range(9)]
    values = [voc_ap([detections[i] for i in d], [truths[i] for i in d]) for d in draws]
    assert got == pytest.approx(np.nanquantile(values, [0.25, 0.75]), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d, t: voc_ap(d, t, 0.0), r"iou_threshold must be in \(0, 1\]; got 0.0"),
        (lambda d, t: voc_ap(d, t, 50), "iou_threshold must be in"),
        (lambda d, t: voc_ap(d, t, method="101point"), 'must be "11point" or "area"'),
        (lambda d, t: voc_ap(d, t * 2), "detections and truths must be of the same images; got 1 and 2"),
        (lambda d, t: voc_ap(t, t), r"detections\[0\] must have 'scores'"),
        (lambda d, t: voc_ap([{**d[0], "boxes": -SQUARE}], t), r"detections\[0\]\['boxes'\] must be finite, x1 <= x2"),
        (lambda d, t: voc_ap([{**d[0], "scores": torch.tensor([torch.nan])}], t), "must not be NaN"),
        (lambda d, t: voc_ap(d, [{**t[0], "difficult": torch.zeros(2)}]), r"truths\[0\]\['difficult'\] must be \(1,\)"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call([{"boxes": SQUARE, "scores": torch.ones(1)}], [{"boxes": SQUARE}])


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_tensors_on_the_gpu_give_the_same():
    lists = random_lists(0)
    moved = [[{k: v.cuda() for k, v in record.items()} for record in records] for records in lists]
    assert voc_ap(*moved) == voc_ap(*lists)
