"""The scores of a confusion matrix, against sets of pixels, scikit-learn and torchmetrics, and with absent classes."""

import math

import pytest
import torch
from sklearn.metrics import balanced_accuracy_score, f1_score, jaccard_score
from torchmetrics.functional.classification import multiclass_jaccard_index

from seeing import metrics
from seeing.metrics import (
    class_accuracy,
    class_dice,
    class_iou,
    confusion_matrix,
    frequency_weighted_iou,
    mean_accuracy,
    mean_dice,
    mean_iou,
    pixel_accuracy,
)
from tests.reference import segmentation as reference

MEANS = [pixel_accuracy, mean_accuracy, mean_iou, frequency_weighted_iou, mean_dice]
BY_CLASS = [class_accuracy, class_iou, class_dice]

# Truth 0: 3 pixels, 2 right. Truth 1: 1 pixel, right. Class 2 is only predicted, class 3 nowhere.
BY_HAND = torch.tensor([[2, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])


def test_a_case_by_hand():
    nan = math.nan
    assert pixel_accuracy(BY_HAND) == 3 / 4
    assert class_accuracy(BY_HAND).tolist() == pytest.approx([2 / 3, 1, nan, nan], nan_ok=True)
    assert mean_accuracy(BY_HAND) == pytest.approx(5 / 6)
    assert class_iou(BY_HAND).tolist() == pytest.approx([2 / 3, 1, 0, nan], nan_ok=True)
    assert mean_iou(BY_HAND) == pytest.approx(5 / 9)
    assert frequency_weighted_iou(BY_HAND) == pytest.approx(3 / 4 * 2 / 3 + 1 / 4)
    assert class_dice(BY_HAND).tolist() == pytest.approx([4 / 5, 1, 0, nan], nan_ok=True)
    assert mean_dice(BY_HAND) == pytest.approx(3 / 5)


@pytest.mark.parametrize("seed", range(10))
def test_equal_the_sets_of_pixels(seed):
    generator = torch.Generator().manual_seed(seed)
    # Few pixels of many classes, so that some are absent from truth, prediction or both.
    prediction, target = torch.randint(6, (2, 3, 4), generator=generator)
    target[0, 0] = 255
    matrix = confusion_matrix(prediction, target, 7)
    for name, wanted in reference.scores(prediction, target, 7, 255).items():
        assert getattr(metrics, name)(matrix).tolist() == pytest.approx(wanted, nan_ok=True, abs=1e-12), name


@pytest.mark.parametrize("seed", range(3))
def test_equal_scikit_learn_and_torchmetrics(seed):
    target = torch.randint(5, (500,), generator=torch.Generator().manual_seed(seed))
    prediction = torch.where(torch.rand(500, generator=torch.Generator().manual_seed(9)) < 0.7, target, target.flip(0))
    matrix = confusion_matrix(prediction, target, 5)
    assert class_iou(matrix).tolist() == pytest.approx(jaccard_score(target, prediction, average=None))
    assert mean_iou(matrix) == pytest.approx(jaccard_score(target, prediction, average="macro"))
    assert frequency_weighted_iou(matrix) == pytest.approx(jaccard_score(target, prediction, average="weighted"))
    assert class_dice(matrix).tolist() == pytest.approx(f1_score(target, prediction, average=None))
    assert mean_accuracy(matrix) == pytest.approx(balanced_accuracy_score(target, prediction))
    wanted = multiclass_jaccard_index(prediction, target, 5, average="none")
    torch.testing.assert_close(class_iou(matrix).float(), wanted)


@pytest.mark.parametrize("score", MEANS + BY_CLASS, ids=lambda score: score.__name__)
def test_a_perfect_map_scores_1_and_no_pixel_scores_nan(score):
    assert torch.equal(score(torch.diag(torch.tensor([3, 1, 5]))), torch.ones_like(score(torch.eye(3))))
    assert score(torch.zeros(3, 3, dtype=torch.int64)).isnan().all()


@pytest.mark.parametrize("score", MEANS + BY_CLASS, ids=lambda score: score.__name__)
def test_many_matrices_at_once(score):
    matrices = torch.randint(4, (2, 3, 5, 5), generator=torch.Generator().manual_seed(1))
    matrices[..., 0] = matrices[..., 0, :] = 0
    got = score(matrices)
    assert got.dtype == torch.float64
    assert got.shape == (2, 3, 5)[: got.dim()]
    for i in range(2):
        for j in range(3):
            torch.testing.assert_close(got[i, j], score(matrices[i, j]), equal_nan=True)


def test_counts_beyond_float32_are_exact():
    matrix = torch.tensor([[2**40, 1], [0, 0]])
    assert float(pixel_accuracy(matrix)) == 2**40 / (2**40 + 1)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (3, 3, 2)])
@pytest.mark.parametrize("score", MEANS + BY_CLASS, ids=lambda score: score.__name__)
def test_what_is_not_a_matrix_is_refused(score, shape):
    with pytest.raises(ValueError, match=r"must be \(\.\.\., K, K\); got"):
        score(torch.zeros(shape))
