"""Dice loss, against the formula in Python's floats and worked by hand."""

import pytest
import torch

from seeing.ops.dice import dice_loss
from tests.reference import losses as reference


def data(classes: int, dtype=torch.float64):
    generator = torch.Generator().manual_seed(classes)
    logits = torch.randn(2, classes, 3, 4, generator=generator, dtype=dtype)
    labels = torch.randint(0, max(2, classes), (2, 3, 4), generator=generator)
    labels[:, 0, :2] = 255
    return logits, labels


@pytest.mark.parametrize("classes", [1, 2, 5])
@pytest.mark.parametrize("smooth", [0.0, 1.0])
@pytest.mark.parametrize("squared", [False, True])
def test_equals_the_formula(classes, smooth, squared):
    logits, labels = data(classes)
    got = dice_loss(logits, labels, smooth=smooth, squared=squared, reduction="none")
    p = logits.sigmoid() if classes == 1 else logits.softmax(1)
    for image in range(2):
        counts = labels[image] != 255
        for c in range(classes):
            truth = (labels[image][counts] == (1 if classes == 1 else c)).int().tolist()
            wanted = reference.dice(p[image, c][counts].tolist(), truth, smooth, squared)
            assert got[image, c].item() == pytest.approx(wanted, abs=1e-12)
    torch.testing.assert_close(dice_loss(logits, labels, smooth=smooth, squared=squared), got.mean())


def test_by_hand():
    """Probabilities of 1/2 on four pixels, of which two are true: 1 - 2 / (2 + 2), and with squares 1 - 2 / (1 + 2)."""
    logits, labels = torch.zeros(1, 1, 2, 2), torch.tensor([[[1, 0], [0, 1]]])
    torch.testing.assert_close(dice_loss(logits, labels, smooth=0), torch.tensor(0.5))
    torch.testing.assert_close(dice_loss(logits, labels, smooth=0, squared=True), torch.tensor(1 / 3))
    torch.testing.assert_close(dice_loss(logits, labels), torch.tensor(0.4))


def test_perfect_and_wholly_wrong_answers():
    labels = torch.tensor([[[0, 1], [1, 2]]])
    logits = 200 * torch.nn.functional.one_hot(labels, 3).movedim(-1, 1).float() + 100
    assert dice_loss(logits, labels, smooth=0).item() == 0
    assert dice_loss(-logits.flip(1), labels, smooth=0, reduction="none").max() <= 1
    assert dice_loss(-logits[:, :1], 1 - (labels == 0).long(), smooth=0).item() <= 1


@pytest.mark.parametrize("smooth", [0.0, 1.0])
def test_a_class_that_is_neither_there_nor_predicted_and_a_void_image_lose_nothing(smooth):
    logits = torch.tensor([0.0, -1000, -1000]).view(1, 3, 1, 1).expand(1, 3, 2, 2).clone().requires_grad_()
    assert dice_loss(logits, torch.zeros(1, 2, 2).long(), smooth=smooth).item() == 0
    loss = dice_loss(logits, torch.full((1, 2, 2), 255), smooth=smooth)
    loss.backward()
    assert loss.item() == 0
    assert logits.grad.abs().max() == 0


def test_empty_input():
    assert dice_loss(torch.zeros(0, 3, 2, 2), torch.zeros(0, 2, 2).long()).item() == 0
    assert dice_loss(torch.zeros(0, 3, 2), torch.zeros(0, 2).long(), reduction="none").shape == (0, 3)


def test_other_dtypes_and_views():
    logits, labels = data(3, torch.float32)
    wanted = dice_loss(logits, labels)
    torch.testing.assert_close(dice_loss(logits.mT, labels.mT.byte()), wanted)
    torch.testing.assert_close(dice_loss(logits.bfloat16(), labels).float(), wanted, rtol=0, atol=0.02)


@pytest.mark.parametrize("classes", [1, 3])
@pytest.mark.parametrize("squared", [False, True])
def test_gradient(classes, squared):
    logits, labels = data(classes)
    assert torch.autograd.gradcheck(lambda x: dice_loss(x, labels, squared=squared), logits.requires_grad_())


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    logits, labels = data(3)
    torch.testing.assert_close(dice_loss(logits.cuda(), labels.cuda()).cpu(), dice_loss(logits, labels))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dice_loss(torch.zeros(3), torch.zeros(3).long()), r"\(N, C, \.\.\.\); got \(3,\)"),
        (lambda: dice_loss(torch.zeros(1, 1, 2), torch.tensor([[0, 2]])), r"0\.\.1 or 255 \(void\); got 2"),
        (lambda: dice_loss(torch.zeros(1, 3, 2), torch.tensor([[0, 3]])), r"0\.\.2 or 255 \(void\); got 3"),
        (lambda: dice_loss(torch.zeros(1, 3, 2), torch.zeros(1, 3).long()), r"labels must be .*\(1, 2\)"),
        (lambda: dice_loss(torch.zeros(1, 3, 2), torch.zeros(1, 2).long(), smooth=-1), "at least 0; got -1"),
        (lambda: dice_loss(torch.zeros(1, 3, 2), torch.zeros(1, 2).long(), reduction="max"), "got 'max'"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
