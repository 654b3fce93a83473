"""Cross-entropy with void, against torch and worked by hand."""

import math

import pytest
import torch
import torch.nn.functional as F

from seeing.data import target
from seeing.ops.cross_entropy import VOID, cross_entropy

SHAPES = [(), (6,), (2, 3, 4)]


def data(shape, dtype=torch.float32, classes=5):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(*shape[:1], classes, *shape[1:], generator=generator, dtype=dtype) * 3
    labels = torch.randint(0, classes, shape, generator=generator)
    return logits, labels


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_equals_torch(shape, reduction, weighted, smoothing):
    logits, labels = data(shape, torch.float64)
    if shape:
        labels[::2] = 255
    weight = torch.tensor([0.5, 2, 0, 1, 3]).double() if weighted else None
    options = {"ignore_index": 255, "reduction": reduction, "label_smoothing": smoothing}
    wanted = F.cross_entropy(logits, labels, weight, **options)
    got = cross_entropy(logits, labels, weight, reduction=reduction, label_smoothing=smoothing)
    torch.testing.assert_close(got, wanted, rtol=0, atol=1e-12)


def test_void_is_the_label_that_the_data_sets_use():
    assert VOID == target.VOID


def test_by_hand():
    logits = torch.tensor([[0.0, math.log(3)], [1, 1]])  # probabilities 1/4, 3/4 and 1/2, 1/2
    loss = cross_entropy(logits, torch.tensor([1, 0]), reduction="none")
    torch.testing.assert_close(loss, torch.tensor([math.log(4 / 3), math.log(2)]))
    torch.testing.assert_close(cross_entropy(logits, torch.tensor([1, 255])), torch.tensor(math.log(4 / 3)))
    weighted = cross_entropy(logits, torch.tensor([1, 0]), torch.tensor([3.0, 1]))
    torch.testing.assert_close(weighted, torch.tensor((math.log(4 / 3) + 3 * math.log(2)) / 4))


@pytest.mark.parametrize("weighted", [False, True])
def test_all_void_gives_zero_with_a_zero_gradient_where_torch_gives_nan(weighted):
    logits, labels = data((2, 3, 4))
    logits.requires_grad_()
    labels[:] = 255
    weight = torch.ones(5) if weighted else None
    assert F.cross_entropy(logits, labels, weight, ignore_index=255).isnan()
    loss = cross_entropy(logits, labels, weight)
    loss.backward()
    assert loss.item() == 0
    assert logits.grad.abs().max() == 0


def test_only_classes_of_weight_zero_give_zero():
    logits, labels = data((6,))
    assert cross_entropy(logits, labels, torch.zeros(5)).item() == 0


def test_empty_input():
    logits, labels = torch.zeros(0, 5, 2, 2, requires_grad=True), torch.zeros(0, 2, 2).long()
    loss = cross_entropy(logits, labels)
    loss.backward()
    assert (loss.item(), logits.grad.shape) == (0, (0, 5, 2, 2))
    assert cross_entropy(logits, labels, reduction="none").shape == (0, 2, 2)


def test_large_logits_and_logits_moved_by_100():
    logits, labels = data((6,), torch.float64)
    torch.testing.assert_close(cross_entropy(logits + 100, labels), cross_entropy(logits, labels))
    sure = torch.tensor([[1000.0, -1000], [1000, -1000]])
    assert cross_entropy(sure, torch.tensor([0, 1]), reduction="none").tolist() == [0, 2000]


def test_other_dtypes_and_views():
    logits, labels = data((2, 3, 4))
    assert torch.equal(cross_entropy(logits, labels.byte()), cross_entropy(logits, labels))
    torch.testing.assert_close(
        cross_entropy(logits.transpose(2, 3), labels.transpose(1, 2)), cross_entropy(logits, labels)
    )
    half = cross_entropy(logits.half(), labels)
    assert half.dtype == torch.float16
    torch.testing.assert_close(half.float(), cross_entropy(logits, labels), rtol=0, atol=5e-3)


def test_gradient():
    logits, labels = data((2, 3), torch.float64)
    labels[0, 0] = 255
    weight = torch.tensor([0.5, 2, 0, 1, 3]).double()
    assert torch.autograd.gradcheck(lambda x: cross_entropy(x, labels, weight), logits.requires_grad_())


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    logits, labels = data((2, 3, 4))
    labels[0] = 255
    torch.testing.assert_close(cross_entropy(logits.cuda(), labels.cuda()).cpu(), cross_entropy(logits, labels))


X, Y = torch.zeros(2, 3), torch.tensor([0, 2])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cross_entropy(X, torch.tensor([0, 3])), r"classes 0\.\.2 or 255 \(void\); got 3"),
        (lambda: cross_entropy(X, torch.tensor([0, -1])), "got -1"),
        (lambda: cross_entropy(X, torch.tensor([0, 255]), ignore_index=-100), r"or -100 \(void\); got 255"),
        (lambda: cross_entropy(X, torch.zeros(3).long()), r"\(2,\) for logits \(2, 3\); got torch.int64 \(3,\)"),
        (lambda: cross_entropy(X, torch.zeros(2, 3)), "labels must be int64"),
        (lambda: cross_entropy(X.long(), Y), "logits must be floating point"),
        (lambda: cross_entropy(X, Y, reduction="average"), "'none', 'mean' or 'sum'; got 'average'"),
        (lambda: cross_entropy(torch.zeros(2, 300), Y), "255 is both void and one of the 300 classes"),
        (lambda: cross_entropy(X, Y.to("meta")), "one device"),
        (lambda: cross_entropy(X, Y, torch.ones(2)), r"weight must be \(3,\); got \(2,\)"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
