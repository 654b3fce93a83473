"""The boundary F measure, against slow loops, scikit-image's outlines and SciPy's distances, and around void."""

import math
import pickle

import numpy as np
import pytest
import torch
from scipy.ndimage import distance_transform_edt
from skimage.segmentation import find_boundaries

from seeing.metrics import BoundaryMetrics, boundary_f
from tests.reference import segmentation as reference


def blocks(seed: int, shape: tuple[int, ...], classes: int, size: int = 3) -> torch.Tensor:
    """Label maps with outlines: random blocks of some pixels."""
    coarse = [-(-n // size) for n in shape[-2:]]
    labels = torch.randint(classes, (*shape[:-2], *coarse), generator=torch.Generator().manual_seed(seed))
    labels = labels.repeat_interleave(size, -1).repeat_interleave(size, -2)
    return labels[..., : shape[-2], : shape[-1]]


def band(width: int, edge: int) -> torch.Tensor:
    """One row, class 1 from column `edge` on."""
    return (torch.arange(width) >= edge).long()[None]


def test_a_case_by_hand():
    """Class 1 begins at column 4, and was said to begin at 6: its outlines are two pixels apart."""
    assert boundary_f(band(10, 6), band(10, 4), 2, tolerance=2).tolist() == [1, 1]
    assert boundary_f(band(10, 6), band(10, 4), 2, tolerance=1.9).tolist() == [0, 0]


def test_precision_and_recall_by_hand():
    """Three true edges, one found: P = 1, R = 1 / 3 for class 0 and 2 / 4 for class 1, whose stripe has two sides."""
    target = torch.tensor([[0, 0, 1, 1, 1, 0, 0, 1, 1]])
    prediction = torch.tensor([[0, 0, 1, 1, 1, 1, 1, 1, 1]])
    # Outlines: class 0 at 1 | 1, 5, 6; class 1 at 2 | 2, 4, 7.
    assert boundary_f(prediction, target, 2, tolerance=0).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("tolerance", [0, 1, 1.5, math.sqrt(13), 5, 100, math.inf])
@pytest.mark.parametrize("seed", range(4))
def test_equals_the_slow_loops(seed, tolerance):
    prediction, target = blocks(seed, (3, 11, 14), 4, 4), blocks(seed + 50, (3, 11, 14), 4)
    target[torch.rand(target.shape, generator=torch.Generator().manual_seed(seed)) < 0.1] = 255
    got = boundary_f(prediction, target, 5, tolerance)
    assert got.dtype == torch.float64
    for i in range(3):
        wanted = reference.boundary_f(prediction[i], target[i], 5, tolerance, 255)
        assert got[i].tolist() == pytest.approx(wanted, nan_ok=True, abs=1e-12)
        one = boundary_f(prediction[i], target[i], 5, tolerance)
        assert one.shape == (5,)
        torch.testing.assert_close(one, got[i], rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("tolerance", [1, 2, math.sqrt(5), 3.2])
def test_equals_scikit_image_and_scipy(tolerance):
    prediction, target = blocks(1, (40, 53), 3, 7), blocks(2, (40, 53), 3, 9)
    got = boundary_f(prediction, target, 3, tolerance)
    for label in range(3):
        said, true = (find_boundaries(m.numpy() == label, connectivity=1, mode="inner") for m in (prediction, target))
        precision = np.mean(distance_transform_edt(~true)[said] <= tolerance)
        recall = np.mean(distance_transform_edt(~said)[true] <= tolerance)
        assert float(got[label]) == pytest.approx(2 * precision * recall / (precision + recall))


def test_a_perfect_map_scores_1_where_it_has_an_outline():
    target = blocks(0, (2, 20, 20), 3)
    scores = boundary_f(target, target, 4, 0)
    assert torch.equal(scores[:, :3], torch.ones(2, 3).double())
    assert scores[:, 3].isnan().all()


def test_a_class_with_one_outline_scores_0_and_without_any_nan():
    flat, edge = torch.zeros(4, 6, dtype=torch.int64), band(6, 3).expand(4, -1)
    assert boundary_f(flat, edge, 3, 2).tolist() == pytest.approx([0, 0, math.nan], nan_ok=True)
    assert boundary_f(edge, flat, 3, 2).tolist() == pytest.approx([0, 0, math.nan], nan_ok=True)
    assert boundary_f(flat, flat, 2, 2).isnan().all()
    assert boundary_f(flat, flat + 1, 2, 2).isnan().all()  # wrong everywhere, but outlines nothing


def test_the_borders_of_image_and_void_make_no_outline():
    target = torch.tensor([[0, 0, 255, 255, 1, 1]])
    for prediction in ([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1], [0, 0, 2, 2, 1, 1]):
        assert boundary_f(torch.tensor([prediction]), target, 3, 1).isnan().all()
    # An edge among known pixels is still an error.
    assert boundary_f(torch.tensor([[0, 1, 1, 1, 1, 1]]), target, 2, 1).tolist() == [0, 0]


def test_without_void_255_is_a_label_like_any_other():
    with pytest.raises(ValueError, match="got 255"):
        boundary_f(band(5, 2), torch.full((1, 5), 255), 2, 1, ignore_index=None)
    assert boundary_f(band(5, 2), band(5, 2), 2, 1, ignore_index=None).tolist() == [1, 1]


@pytest.mark.parametrize("shape", [(0, 4, 5), (2, 0, 5), (2, 4, 0), (0, 5)])
def test_empty_maps(shape):
    empty = torch.zeros(shape, dtype=torch.int64)
    scores = boundary_f(empty, empty, 3, 2)
    assert scores.shape == (*shape[:-2], 3)
    assert scores.isnan().all()


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.int32])
def test_other_integers_and_views(dtype):
    prediction, target = blocks(3, (12, 15), 4), blocks(4, (12, 15), 4, 5)
    wanted = boundary_f(prediction.t().contiguous(), target.t().contiguous(), 4, 2)
    assert torch.equal(boundary_f(prediction.to(dtype).t(), target.to(dtype).t(), 4, 2), wanted)


@pytest.mark.parametrize("split", [[5], [2, 3], [0, 1, 4]])
def test_streaming_merging_and_pickling(split):
    prediction, target = blocks(5, (5, 12, 12), 3), blocks(6, (5, 12, 12), 3, 4)
    parts = [BoundaryMetrics(3, 1) for _ in split]
    for metric, *pair in zip(parts, prediction.split(split), target.split(split), strict=True):
        metric.update(*pair)
    first, *others = pickle.loads(pickle.dumps(parts))
    for other in others:
        first.merge(other)
    scores = boundary_f(prediction, target, 3, 1)
    assert torch.equal(first.scores, scores)
    assert first.compute()["boundary_f"] == pytest.approx(float(scores.nanmean(-1).mean()))
    interval = first.bootstrap(samples=100)
    assert interval.low < first.compute()["boundary_f"] < interval.high


def test_before_the_first_outline_the_score_is_nan():
    metric = BoundaryMetrics(3, 2)
    assert metric.scores.shape == (0, 3)
    assert math.isnan(metric.compute()["boundary_f"])
    metric.update(torch.zeros(4, 4, dtype=torch.int64), torch.zeros(4, 4, dtype=torch.int64))
    assert metric.scores.shape == (1, 3)
    assert math.isnan(metric.compute()["boundary_f"])


Z = torch.zeros(3, 3, dtype=torch.int64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: boundary_f(Z[0], Z[0], 2, 1), r"\(H, W\) or \(N, H, W\) labels; got \(3,\)"),
        (lambda: boundary_f(Z, Z[:2], 2, 1), "same shape"),
        (lambda: boundary_f(Z, Z, 2, -1), "at least 0 pixels; got -1"),
        (lambda: boundary_f(Z, Z, 2, math.nan), "at least 0 pixels; got nan"),
        (lambda: boundary_f(Z + 2, Z, 2, 1), "got 2"),
        (lambda: BoundaryMetrics(0, 1), "num_classes must be at least 1; got 0"),
        (lambda: BoundaryMetrics(2, -1), "at least 0 pixels; got -1"),
        (lambda: BoundaryMetrics(2, 1).merge(BoundaryMetrics(2, 2)), r"got \(2, 1, 255\) and \(2, 2, 255\)"),
        (lambda: BoundaryMetrics(2, 1).bootstrap(), "count 0"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    prediction, target = blocks(7, (2, 30, 30), 4), blocks(8, (2, 30, 30), 4, 5)
    got = boundary_f(prediction.cuda(), target.cuda(), 4, 2.5)
    assert got.is_cuda
    torch.testing.assert_close(got.cpu(), boundary_f(prediction, target, 4, 2.5), equal_nan=True)
    metric = BoundaryMetrics(4, 2.5)
    metric.update(prediction, target)
    metric.update(prediction.cuda(), target.cuda())
    assert metric.scores.shape == (4, 4)
