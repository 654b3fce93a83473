"""The IoU family of losses, against torchvision, against the formulas in Python's floats and worked by hand."""

import pytest
import torch
import torchvision

from seeing.ops.iou_losses import (
    box_iou_loss,
    complete_box_iou_loss,
    distance_box_iou_loss,
    generalized_box_iou_loss,
)
from tests.reference import losses as reference

LOSSES = {
    "iou": box_iou_loss,
    "giou": generalized_box_iou_loss,
    "diou": distance_box_iou_loss,
    "ciou": complete_box_iou_loss,
}
PEERS = {
    "giou": torchvision.ops.generalized_box_iou_loss,
    "diou": torchvision.ops.distance_box_iou_loss,
    "ciou": torchvision.ops.complete_box_iou_loss,
}


def pairs(count: int = 300, dtype: torch.dtype = torch.float64, seed: int = 0):
    """Half of the pairs overlap; whole pixels, so that some only touch."""
    generator = torch.Generator().manual_seed(seed)
    corner = torch.randint(0, 20, (2, count, 2), generator=generator)
    boxes = torch.cat([corner, corner + torch.randint(1, 20, (2, count, 2), generator=generator)], dim=-1)
    return tuple(boxes.to(dtype))


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_equals_torchvision_with_gradient(name, reduction):
    a, b = pairs()
    a.requires_grad_()
    b.requires_grad_()
    got, wanted = LOSSES[name](a, b, reduction), PEERS[name](a, b, reduction)
    torch.testing.assert_close(got, wanted, rtol=1e-12, atol=1e-12)
    slopes = [torch.autograd.grad(loss.sum(), (a, b)) for loss in (got, wanted)]
    # Of two equal sides either may get the gradient of their minimum; no pair here has all sides in common.
    torch.testing.assert_close(*slopes, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_equals_the_formula(name):
    a, b = pairs(100)
    got = LOSSES[name](a, b, eps=0)
    wanted = [reference.iou_family(x, y)[name] for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    assert got.tolist() == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.int64, torch.int32])
def test_other_dtypes_as_torchvision(name, dtype):
    a, b = pairs(dtype=dtype)
    got, wanted = LOSSES[name](a, b), PEERS[name](a, b)
    assert got.dtype == wanted.dtype
    torch.testing.assert_close(got, wanted)


def test_by_hand():
    """Two squares of side 2, moved by 1: overlap 2, union 6, enclosing 3 x 2, centres 1 apart, diagonal^2 13."""
    a, b = torch.tensor([[0.0, 0, 2, 2]]), torch.tensor([[1.0, 0, 3, 2]])
    wanted = {"iou": 2 / 3, "giou": 2 / 3, "diou": 2 / 3 + 1 / 13, "ciou": 2 / 3 + 1 / 13}
    for name, loss in LOSSES.items():
        assert loss(a, b).item() == pytest.approx(wanted[name], abs=1e-6)
    apart = torch.tensor([[4.0, 0, 6, 2]])  # enclosing 6 x 2, of which a third is covered by neither
    assert generalized_box_iou_loss(a, apart).item() == pytest.approx(1 + 1 / 3)


@pytest.mark.parametrize("name", LOSSES)
def test_equal_boxes_lose_nothing(name):
    a, _ = pairs(dtype=torch.float32)
    assert LOSSES[name](a, a).abs().max() < 1e-6


@pytest.mark.parametrize("name", LOSSES)
def test_boxes_without_area_have_a_finite_loss_and_gradient(name):
    a = torch.tensor([[1.0, 1, 1, 1], [1, 1, 5, 1], [1, 1, 1, 5], [0, 0, 4, 4]], requires_grad=True)
    b = torch.tensor([[1.0, 1, 1, 1], [1, 1, 1, 5], [0, 0, 4, 4], [2, 2, 2, 2]])
    loss = LOSSES[name](a, b)
    loss.sum().backward()
    assert loss.isfinite().all()
    assert a.grad.isfinite().all()


@pytest.mark.parametrize("name", LOSSES)
def test_empty_single_and_more_dimensions(name):
    loss = LOSSES[name]
    a, b = pairs(6)
    assert loss(a[:0], b[:0]).shape == (0,)
    nothing = a[:0].clone().requires_grad_()
    mean = loss(nothing, b[:0], "mean")
    mean.backward()
    assert mean.item() == 0
    assert torch.equal(loss(a[0], b[0]), loss(a, b)[0])
    assert torch.equal(loss(a.view(2, 3, 4), b.view(2, 3, 4)), loss(a, b).view(2, 3))


@pytest.mark.parametrize("name", ["iou", "giou", "diou"])
def test_gradient(name):
    generator = torch.Generator().manual_seed(1)
    a, b = (boxes + torch.rand(boxes.shape, generator=generator) for boxes in pairs(20))
    assert torch.autograd.gradcheck(LOSSES[name], (a.requires_grad_(), b.requires_grad_()))


def test_nan_stays_visible():
    a, b = pairs(2)
    a[0, 0] = torch.nan
    for loss in LOSSES.values():
        assert loss(a, b).isnan().tolist() == [True, False]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("name", LOSSES)
def test_the_same_on_a_gpu(name):
    a, b = pairs()
    torch.testing.assert_close(LOSSES[name](a.cuda(), b.cuda()).cpu(), LOSSES[name](a, b))


@pytest.mark.parametrize("name", LOSSES)
def test_bad_input_is_refused_with_what_was_expected(name):
    loss, a = LOSSES[name], torch.zeros(2, 4)
    for call, message in [
        (lambda: loss(a, a[:1]), r"one shape; got \(2, 4\) and \(1, 4\)"),
        (lambda: loss(a[:, :3], a[:, :3]), r"\(\.\.\., 4\) xyxy"),
        (lambda: loss(a, a, "max"), "got 'max'"),
        (lambda: loss(a, a.to("meta")), "one device"),
    ]:
        with pytest.raises(ValueError, match=message):
            call()
