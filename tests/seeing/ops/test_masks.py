"""Masks and boxes, against torchvision and worked by hand."""

import pytest
import torch
import torchvision
from torchvision.models.detection.roi_heads import paste_masks_in_image as peer_paste
from torchvision.models.detection.roi_heads import project_masks_on_boxes

from seeing.kernels import reference
from seeing.ops.masks import crop_masks, masks_to_boxes, paste_masks_in_image


def random_boxes(count: int, height: int, width: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    image = torch.tensor([width, height])
    corner = torch.rand(count, 2, generator=generator) * image * 0.7
    return torch.cat([corner, corner + torch.rand(count, 2, generator=generator) * image * 0.5], dim=1)


def random_masks(*shape: int, seed: int = 1, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def test_boxes_by_hand():
    masks = torch.zeros(3, 5, 6, dtype=torch.bool)
    masks[0, 1:3, 2:5] = True
    masks[1, 4, 5] = True
    assert masks_to_boxes(masks).tolist() == [[2, 1, 4, 2], [5, 4, 5, 4], [0, 0, 0, 0]]
    assert masks_to_boxes(masks, half_open=True).tolist() == [[2, 1, 5, 3], [5, 4, 6, 5], [0, 0, 0, 0]]


@pytest.mark.parametrize("dtype", [torch.bool, torch.uint8, torch.int64, torch.float16, torch.float32, torch.float64])
def test_boxes_equal_torchvision(dtype):
    masks = (random_masks(20, 9, 13) > 0.97).to(dtype)
    masks = masks.transpose(1, 2)  # not contiguous
    assert torch.equal(masks_to_boxes(masks), torchvision.ops.masks_to_boxes(masks))


@pytest.mark.parametrize("shape", [(0, 5, 5), (2, 0, 5), (2, 5, 0)])
def test_boxes_of_nothing(shape):
    got = masks_to_boxes(torch.zeros(shape))
    assert (got.shape, got.dtype) == ((shape[0], 4), torch.float32)


@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("size", [1, 2, 7, 28])
@pytest.mark.parametrize("seed", range(3))
def test_pasting_equals_torchvision(padding, size, seed):
    masks, boxes = random_masks(12, 1, size, size, seed=seed), random_boxes(12, 40, 60, seed)
    boxes[0] += torch.tensor([-30, -20, 70, 50])  # larger than the image on all sides
    boxes[1, 2:] = boxes[1, :2]  # no size
    boxes[2] = torch.tensor([0.0, 0, 59, 39])
    wanted = peer_paste(masks, boxes, (40, 60), padding)
    torch.testing.assert_close(paste_masks_in_image(masks, boxes, (40, 60), padding), wanted, rtol=0, atol=1e-5)
    with reference():
        got = paste_masks_in_image(masks, boxes, (40, 60), padding)
    torch.testing.assert_close(got, wanted, rtol=0, atol=1e-5)


def test_pasting_by_hand():
    """2 x 2 cells into the four pixels of columns 1 to 4 of one row, twice as wide: weights 0, 1/4, 3/4, 1."""
    masks = torch.tensor([[[[0.0, 1], [0, 1]]]])
    box = torch.tensor([[1.0, 1, 4, 1]])
    for force in (False, True):
        with reference() if force else torch.no_grad():
            got = paste_masks_in_image(masks, box, (3, 6), padding=0)
        assert got.tolist() == [[[[0] * 6, [0, 0, 0.25, 0.75, 1, 0], [0] * 6]]]


@pytest.mark.parametrize("far", [100.0, 1e9, 3e38, torch.inf])
def test_boxes_outside_the_image_and_boxes_that_reach_to_infinity(far):
    masks = torch.ones(4, 1, 3, 3)
    boxes = torch.tensor([[far, 0, far, 9], [-far, -far, -far, -far], [0, far, 9, far], [-far, -far, far, far]])
    for force in (False, True):
        with reference() if force else torch.no_grad():
            got = paste_masks_in_image(masks, boxes, (5, 5), padding=0)
        assert got[:3].abs().max() == 0
        torch.testing.assert_close(got[3], torch.ones(1, 5, 5))


def test_pasting_other_dtypes_and_views():
    masks, boxes = random_masks(3, 1, 5, 5, dtype=torch.float64), random_boxes(3, 20, 20)
    wanted = peer_paste(masks, boxes.double(), (20, 20))
    got = paste_masks_in_image(masks, boxes.double(), (20, 20))
    torch.testing.assert_close(got, wanted, rtol=0, atol=1e-12)
    view = masks.float().mT
    assert not view.is_contiguous()
    torch.testing.assert_close(
        paste_masks_in_image(view, boxes, (20, 20)), peer_paste(view, boxes, (20, 20)), rtol=0, atol=1e-5
    )
    half = paste_masks_in_image(masks.half(), boxes, (20, 20))
    assert half.dtype == torch.float16
    torch.testing.assert_close(half.double(), paste_masks_in_image(masks, boxes, (20, 20)), rtol=0, atol=2e-3)
    whole = torch.tensor([[1, 2, 8, 9], [0, 0, 3, 3], [4, 4, 4, 4]])
    assert torch.equal(
        paste_masks_in_image(masks.float(), whole, (20, 20)),
        paste_masks_in_image(masks.float(), whole.float(), (20, 20)),
    )


def test_a_mask_that_is_not_finite_does_no_harm_outside_its_box():
    masks, box = torch.tensor([[[[1.0, torch.inf], [torch.nan, 1]]]]), torch.tensor([[2.0, 2, 4, 4]])
    for force in (False, True):
        with reference() if force else torch.no_grad():
            got = paste_masks_in_image(masks, box, (8, 8), padding=0)
        outside = torch.ones(8, 8, dtype=torch.bool)
        outside[2:5, 2:5] = False
        assert got[0, 0][outside].abs().max() == 0
        assert not got.isfinite().all()


def test_pasting_nothing():
    assert paste_masks_in_image(torch.zeros(0, 1, 28, 28), torch.zeros(0, 4), (6, 7)).shape == (0, 1, 6, 7)
    assert paste_masks_in_image(torch.zeros(2, 1, 4, 4), torch.zeros(2, 4), (0, 7)).shape == (2, 1, 0, 7)


def test_the_gradient_of_pasting():
    masks, boxes = random_masks(2, 1, 3, 3, dtype=torch.float64).requires_grad_(), random_boxes(2, 8, 8).double()
    assert torch.autograd.gradcheck(lambda m: paste_masks_in_image(m, boxes, (8, 8)), masks)
    single = masks.detach().float().requires_grad_()
    paste_masks_in_image(single, boxes.float(), (8, 8)).sum().backward()
    assert single.grad.abs().sum() > 0


@pytest.mark.parametrize("size", [1, 14, 28])
@pytest.mark.parametrize("dtype", [torch.bool, torch.uint8, torch.float32])
def test_cropping_equals_torchvision(size, dtype):
    masks = (random_masks(5, 40, 60) > 0.5).to(dtype)
    boxes, indices = random_boxes(9, 40, 60), torch.randint(0, 5, (9,), generator=torch.Generator().manual_seed(2))
    wanted = project_masks_on_boxes(masks, boxes, indices, size)
    torch.testing.assert_close(crop_masks(masks, boxes, size, indices), wanted, rtol=0, atol=1e-5)
    assert torch.equal(crop_masks(masks, boxes[:5], size), crop_masks(masks, boxes[:5], size, torch.arange(5)))


def test_cropping_by_hand():
    """The box is the mask's left half and as much again beside it: ones, then zeros."""
    mask = torch.zeros(1, 8, 8)
    mask[:, :, :4] = 1
    got = crop_masks(mask, torch.tensor([[2.0, 2, 6, 6]]), 2)
    # Not aligned: samples at 2.5, 3.5 | 4.5, 5.5, and the one at 3.5 lies between a one and a zero.
    torch.testing.assert_close(got, torch.tensor([[[0.75, 0], [0.75, 0]]]))


def test_cropping_nothing():
    assert crop_masks(torch.zeros(0, 8, 8), torch.zeros(0, 4), 14).shape == (0, 14, 14)
    none = torch.zeros(0, dtype=torch.int64)
    assert crop_masks(torch.zeros(2, 8, 8, dtype=torch.bool), torch.zeros(0, 4), 14, none).dtype == torch.float32


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    masks, boxes = random_masks(5, 1, 28, 28), random_boxes(5, 40, 60)
    got = paste_masks_in_image(masks.cuda(), boxes.cuda(), (40, 60))
    torch.testing.assert_close(got.cpu(), paste_masks_in_image(masks, boxes, (40, 60)), rtol=0, atol=1e-5)
    whole = random_masks(5, 40, 60) > 0.5
    torch.testing.assert_close(crop_masks(whole.cuda(), boxes.cuda(), 14).cpu(), crop_masks(whole, boxes, 14))
    assert torch.equal(masks_to_boxes(whole.cuda()).cpu(), masks_to_boxes(whole))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: masks_to_boxes(torch.zeros(5, 5)), r"\(N, H, W\); got \(5, 5\)"),
        (lambda: paste_masks_in_image(torch.zeros(1, 5, 5), torch.zeros(1, 4), (5, 5)), r"\(N, 1, M, M\)"),
        (lambda: paste_masks_in_image(torch.zeros(1, 1, 5, 4), torch.zeros(1, 4), (5, 5)), r"\(1, 1, 5, 4\)"),
        (lambda: paste_masks_in_image(torch.zeros(1, 1, 0, 0), torch.zeros(1, 4), (5, 5)), "M over 0"),
        (lambda: paste_masks_in_image(torch.zeros(1, 1, 5, 5).bool(), torch.zeros(1, 4), (5, 5)), "torch.bool"),
        (lambda: paste_masks_in_image(torch.zeros(1, 1, 5, 5), torch.zeros(2, 4), (5, 5)), "each of 1 masks; got 2"),
        (lambda: paste_masks_in_image(torch.zeros(1, 1, 5, 5), torch.tensor([[1.0, 0, 0, 1]]), (5, 5)), "x1 <= x2"),
        (lambda: paste_masks_in_image(torch.zeros(1, 1, 5, 5), torch.zeros(1, 4), (5, -1)), "img_shape"),
        (lambda: paste_masks_in_image(torch.zeros(1, 1, 5, 5), torch.zeros(1, 4), (5, 5), -1), "padding"),
        (lambda: crop_masks(torch.zeros(5, 5), torch.zeros(1, 4), 14), r"\(M, H, W\)"),
        (lambda: crop_masks(torch.zeros(2, 5, 5), torch.zeros(3, 4), 14), r"each of 3 boxes; got torch.int64 \(2,\)"),
        (lambda: crop_masks(torch.zeros(2, 5, 5), torch.zeros(1, 4), 14, torch.tensor([2])), "image"),
        (lambda: crop_masks(torch.zeros(1, 5, 5), torch.full((1, 4), torch.nan), 14), "NaN"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
