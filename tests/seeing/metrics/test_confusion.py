"""The confusion matrix, plain and compiled, against slow loops, scikit-learn and torchmetrics."""

from contextlib import nullcontext

import pytest
import torch
from sklearn.metrics import confusion_matrix as scikit_confusion_matrix
from torchmetrics.functional.classification import multiclass_confusion_matrix

from seeing.kernels import reference as plain
from seeing.metrics import confusion_matrix
from tests.reference import segmentation as reference

BACKENDS = pytest.mark.parametrize("backend", [nullcontext, plain], ids=["fast", "plain"])
INTEGERS = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64]


def maps(seed: int, shape: tuple[int, ...], classes: int, void: float = 0.2) -> tuple[torch.Tensor, torch.Tensor]:
    """A prediction, and a target with that share of 255."""
    generator = torch.Generator().manual_seed(seed)
    prediction, target = (torch.randint(classes, shape, generator=generator) for _ in range(2))
    target[torch.rand(shape, generator=generator) < void] = 255
    return prediction, target


@BACKENDS
def test_a_case_by_hand(backend):
    target = torch.tensor([[0, 0, 1], [1, 2, 255]])
    prediction = torch.tensor([[0, 1, 1], [1, 0, 2]])
    with backend():
        assert confusion_matrix(prediction, target, 3).tolist() == [[1, 1, 0], [0, 2, 0], [1, 0, 0]]


@BACKENDS
@pytest.mark.parametrize("shape", [(), (1,), (2,), (7,), (5, 6), (3, 4, 5), (2, 1, 3, 3)])
@pytest.mark.parametrize("seed", range(3))
def test_equals_the_slow_loops(backend, shape, seed):
    prediction, target = maps(seed, shape, 4)
    with backend():
        got = confusion_matrix(prediction, target, 4)
    assert got.dtype == torch.int64
    assert torch.equal(got, reference.confusion_matrix(prediction, target, 4, 255))


@BACKENDS
@pytest.mark.parametrize("classes", [2, 21, 150])
def test_equals_scikit_learn_and_torchmetrics(backend, classes):
    prediction, target = maps(classes, (2, 33, 47), classes)
    with backend():
        got = confusion_matrix(prediction, target, classes)
    counted = target != 255
    wanted = scikit_confusion_matrix(target[counted], prediction[counted], labels=range(classes))
    assert torch.equal(got, torch.from_numpy(wanted))
    assert torch.equal(got, multiclass_confusion_matrix(prediction, target, classes, ignore_index=255))


@BACKENDS
@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("other", [torch.uint8, torch.int64])
def test_integers_of_any_type(backend, dtype, other):
    prediction, target = maps(0, (9, 9), 5, void=0)
    target[0] = 100
    with backend():
        got = confusion_matrix(prediction.to(dtype), target.to(other), 5, ignore_index=100)
    assert torch.equal(got, reference.confusion_matrix(prediction, target, 5, 100))


@BACKENDS
def test_views_that_are_not_contiguous(backend):
    prediction, target = maps(1, (12, 20), 6)
    wanted = reference.confusion_matrix(prediction.t()[::2, 1::3], target.t()[::2, 1::3], 6, 255)
    with backend():
        assert torch.equal(confusion_matrix(prediction.t()[::2, 1::3], target.t()[::2, 1::3], 6), wanted)
        assert confusion_matrix(torch.zeros(1, dtype=torch.int64).expand(4, 4), target[:4, :4], 6).sum() <= 16


@BACKENDS
@pytest.mark.parametrize("void", [-1, 0, 2, 7, None])
def test_any_label_may_be_void_or_none(backend, void):
    prediction, target = maps(2, (10, 10), 3, void=0)
    if void is not None:
        target[:2] = void
    with backend():
        got = confusion_matrix(prediction, target, 3, ignore_index=void)
    assert torch.equal(got, reference.confusion_matrix(prediction, target, 3, void))


@BACKENDS
def test_what_is_predicted_for_a_void_pixel_does_not_matter(backend):
    target = torch.tensor([1, 255, 0])
    with backend():
        assert confusion_matrix(target, target, 2).tolist() == [[1, 0], [0, 1]]
        assert confusion_matrix(torch.tensor([1, -7, 0]), target, 2).tolist() == [[1, 0], [0, 1]]


@BACKENDS
@pytest.mark.parametrize("shape", [(0,), (0, 4, 4), (3, 0)])
def test_empty_maps_and_maps_of_void_count_nothing(backend, shape):
    empty = torch.zeros(shape, dtype=torch.int64)
    void = torch.full((4, 4), 255)
    with backend():
        for pair in ((empty, empty), (void, void)):
            matrix = confusion_matrix(*pair, 3)
            assert matrix.shape == (3, 3)
            assert matrix.dtype == torch.int64
            assert not matrix.any()


@BACKENDS
@pytest.mark.parametrize("bad", [3, 255, -1, 2**40, -(2**63), 2**63 - 1])
@pytest.mark.parametrize("place", [0, 3, 4, 8])
def test_a_label_out_of_range_is_refused_wherever_it_is(backend, bad, place):
    zeros = torch.zeros(9, dtype=torch.int64)
    wrong = zeros.clone()
    wrong[place] = bad
    with backend():
        with pytest.raises(ValueError, match=rf"prediction must hold labels 0\.\.2 where .*; got {bad}$"):
            confusion_matrix(wrong, zeros, 3)
        if bad != 255:
            with pytest.raises(ValueError, match=rf"target must hold labels 0\.\.2 or the void label 255; got {bad}$"):
                confusion_matrix(zeros, wrong, 3)
        with pytest.raises(ValueError, match=rf"target must hold labels 0\.\.2; got {bad}$"):
            confusion_matrix(zeros, wrong, 3, ignore_index=None)


Z = torch.zeros(2, 3, dtype=torch.int64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: confusion_matrix(Z.float(), Z, 2),
            r"prediction must be integer labels, .*argmax\(1\); got torch.float",
        ),
        (lambda: confusion_matrix(Z, Z.bool(), 2), "target must be integer labels.*got torch.bool"),
        (lambda: confusion_matrix(Z, Z[0], 2), r"same shape; got \(2, 3\) and \(3,\)"),
        (lambda: confusion_matrix(Z, Z, 0), "num_classes must be at least 1; got 0"),
        (lambda: confusion_matrix(Z, Z.to("meta"), 2), "one device; got cpu and meta"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    prediction, target = maps(3, (2, 64, 64), 21)
    got = confusion_matrix(prediction.cuda(), target.cuda(), 21)
    assert got.is_cuda
    assert torch.equal(got.cpu(), confusion_matrix(prediction, target, 21))
