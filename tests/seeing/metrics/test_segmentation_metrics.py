"""The streaming segmentation metrics: any split into batches and any merge gives what one call gives."""

import math
import pickle

import pytest
import torch

from seeing.metrics import SegmentationMetrics, class_iou, confusion_matrix, mean_iou, pixel_accuracy


def maps(seed: int = 0, images: int = 6) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    prediction, target = torch.randint(5, (2, images, 8, 9), generator=generator)
    target = torch.where(torch.rand(target.shape, generator=generator) < 0.5, prediction, target)
    target[:, 0] = 255
    return prediction, target


def gathered(prediction, target, sizes, **options) -> SegmentationMetrics:
    metrics = SegmentationMetrics(5, **options)
    for part in zip(prediction.split(sizes), target.split(sizes), strict=True):
        metrics.update(*part)
    return metrics


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("sizes", [[6], [1, 2, 3], [0, 6, 0], [1] * 6])
def test_the_batches_do_not_matter(sizes, keep):
    prediction, target = maps()
    metrics = gathered(prediction, target, sizes, keep_images=keep)
    whole = confusion_matrix(prediction, target, 5)
    assert torch.equal(metrics.matrix, whole)
    assert metrics.compute()["mean_iou"] == float(mean_iou(whole))
    assert set(metrics.compute()) == {
        "pixel_accuracy",
        "mean_accuracy",
        "mean_iou",
        "frequency_weighted_iou",
        "mean_dice",
    }


def test_the_score_is_of_all_pixels_and_not_a_mean_over_images():
    metrics = SegmentationMetrics(2)
    metrics.update(torch.zeros(1, 1, dtype=torch.int64), torch.zeros(1, 1, dtype=torch.int64))
    metrics.update(torch.zeros(3, 3, dtype=torch.int64), torch.ones(3, 3, dtype=torch.int64))
    assert metrics.compute()["pixel_accuracy"] == 0.1
    assert class_iou(metrics.matrix).tolist() == [0.1, 0]


def test_one_image_without_a_batch_dimension_counts_as_one():
    prediction, target = maps()
    metrics = SegmentationMetrics(5, keep_images=True)
    metrics.update(prediction[0], target[0])
    metrics.update(prediction[1:3], target[1:3])
    assert metrics.images.shape == (3, 5, 5)
    assert torch.equal(metrics.images[0], confusion_matrix(prediction[0], target[0], 5))
    assert torch.equal(metrics.images.sum(0), metrics.matrix)


@pytest.mark.parametrize("keep", [False, True])
def test_merging_is_as_good_as_seeing_all(keep):
    prediction, target = maps()
    left, right = (gathered(prediction[part], target[part], 2, keep_images=keep) for part in (slice(0, 2), slice(2, 6)))
    left.merge(right)
    whole = gathered(prediction, target, 6, keep_images=keep)
    assert torch.equal(left.matrix, whole.matrix)
    assert torch.equal(left.images, whole.images)
    assert right.compute() == gathered(prediction[2:], target[2:], 4).compute()


def test_a_pickle_goes_on_where_it_was():
    prediction, target = maps()
    metrics = gathered(prediction[:3], target[:3], 3, keep_images=True)
    copy = pickle.loads(pickle.dumps(metrics))
    for each in (metrics, copy):
        each.update(prediction[3:], target[3:])
    assert torch.equal(copy.images, metrics.images)
    assert copy.compute() == metrics.compute()


def test_before_the_first_pixel_all_scores_are_nan():
    metrics = SegmentationMetrics(3)
    assert all(map(math.isnan, metrics.compute().values()))
    assert metrics.images.shape == (0, 3, 3)


def test_the_interval_holds_the_score_and_follows_the_seed():
    prediction, target = maps(images=40)
    metrics = gathered(prediction, target, 8, keep_images=True)
    interval = metrics.bootstrap(samples=200)
    assert interval.low < metrics.compute()["mean_iou"] < interval.high
    assert interval == metrics.bootstrap(samples=200)
    assert interval != metrics.bootstrap(samples=200, seed=1)
    narrow = metrics.bootstrap(pixel_accuracy, samples=200, confidence=0.5)
    assert narrow.low < metrics.compute()["pixel_accuracy"] < narrow.high
    assert metrics.bootstrap(lambda matrix: class_iou(matrix)[2], samples=50).low > 0


def test_the_interval_of_equal_images_has_no_width():
    prediction, target = maps(images=1)
    metrics = gathered(prediction.expand(5, -1, -1), target.expand(5, -1, -1), 5, keep_images=True)
    low, high = metrics.bootstrap(samples=10)
    assert low == high == metrics.compute()["mean_iou"]


Z = torch.zeros(2, 3, 3, dtype=torch.int64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SegmentationMetrics(0), "num_classes must be at least 1; got 0"),
        (lambda: SegmentationMetrics(2).update(Z[0, 0], Z[0, 0]), r"\(H, W\) or \(N, H, W\) labels; got \(3,\)"),
        (lambda: SegmentationMetrics(2).update(Z, Z[:1]), r"got \(2, 3, 3\) and \(1, 3, 3\)"),
        (lambda: SegmentationMetrics(2, keep_images=True).update(Z, Z[:1]), r"got \(2, 3, 3\) and \(1, 3, 3\)"),
        (lambda: SegmentationMetrics(2).update(Z.float(), Z), "integer labels"),
        (lambda: SegmentationMetrics(2).merge(SegmentationMetrics(3)), r"got \(2, 255, False\) and \(3, 255, False\)"),
        (lambda: SegmentationMetrics(2).bootstrap(), "keep_images=True"),
        (lambda: SegmentationMetrics(2, keep_images=True).bootstrap(), "count 0"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("keep", [False, True])
def test_a_refused_batch_leaves_no_trace(keep):
    metrics = SegmentationMetrics(2, keep_images=keep)
    bad = Z.clone()
    bad[1, 0, 0] = 9
    with pytest.raises(ValueError, match="got 9"):
        metrics.update(bad, Z)
    assert not metrics.matrix.any()
    assert len(metrics.images) == 0


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_it_follows_its_inputs_to_the_gpu():
    prediction, target = maps()
    metrics = gathered(prediction[:2], target[:2], 2, keep_images=True)
    metrics.update(prediction[2:].cuda(), target[2:].cuda())
    whole = gathered(prediction, target, 6, keep_images=True)
    assert metrics.matrix.is_cuda
    assert metrics.compute() == whole.compute()
    assert metrics.bootstrap(samples=20) == pytest.approx(whole.bootstrap(samples=20))
    whole.merge(metrics)
    assert whole.images.shape == (12, 5, 5)
