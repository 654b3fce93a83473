"""RoIAlign on a pyramid, against torchvision's module, and the level rule worked by hand."""

import pytest
import torch
import torchvision

from seeing.ops import fpn_levels, multiscale_roi_align


def pyramid(height: int = 64, width: int = 72, levels: int = 4, channels: int = 3) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return {
        str(level): torch.randn(2, channels, -(-height >> level), -(-width >> level), generator=generator)
        for level in range(levels)
    }


def boxes_of_all_sizes(count: int) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    found = []
    for _ in range(2):
        corner, side = torch.rand(count, 2, generator=generator), torch.rand(count, 2, generator=generator)
        found.append(torch.cat([corner * 100, corner * 100 + side * 2 ** (torch.arange(count) % 9)[:, None]], 1))
    found[1][0] = torch.tensor([0, 0, 224, 224])  # exactly the canonical size
    found[1][1] = torch.tensor([7, 7, 7, 7])  # no area
    return found


@pytest.mark.parametrize("levels", [1, 2, 4])
@pytest.mark.parametrize("height", [64, 61])
def test_it_equals_torchvision(levels, height):
    features, boxes = pyramid(height, levels=levels), boxes_of_all_sizes(30)
    sizes = [(height * 4 - 3, 280), (height * 4, 250)]
    wanted = torchvision.ops.MultiScaleRoIAlign(list(features), (3, 2), 2)(features, boxes, sizes)
    torch.testing.assert_close(multiscale_roi_align(features, boxes, sizes, (3, 2)), wanted, rtol=0, atol=2e-6)
    listed = multiscale_roi_align(list(features.values()), boxes, sizes, (3, 2), 2)
    assert torch.equal(listed, multiscale_roi_align(features, boxes, sizes, (3, 2)))


def test_canonical_size_and_level_as_torchvision_has_them():
    features, boxes, sizes = pyramid(), boxes_of_all_sizes(30), [(256, 288)] * 2
    module = torchvision.ops.MultiScaleRoIAlign(list(features), 2, -1, canonical_scale=64, canonical_level=3)
    got = multiscale_roi_align(features, boxes, sizes, 2, -1, canonical_scale=64, canonical_level=3)
    torch.testing.assert_close(got, module(features, boxes, sizes), rtol=0, atol=2e-6)


def test_every_map_gets_its_gradient():
    features = {name: f.requires_grad_() for name, f in pyramid().items()}
    boxes, sizes = boxes_of_all_sizes(30), [(256, 288)] * 2
    module = torchvision.ops.MultiScaleRoIAlign(list(features), 2, 2, canonical_scale=64)
    pooled = multiscale_roi_align(features, boxes, sizes, 2, canonical_scale=64)
    wanted = torch.autograd.grad(module(features, boxes, sizes).square().sum(), list(features.values()))
    got = torch.autograd.grad(pooled.square().sum(), list(features.values()))
    for a, b in zip(got, wanted, strict=True):
        assert a.abs().sum() > 0
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


def test_no_boxes():
    assert multiscale_roi_align(pyramid(), [torch.zeros(0, 4)] * 2, [(256, 288)] * 2, (2, 3)).shape == (0, 3, 2, 3)


def test_levels_by_hand():
    """A box of 224 belongs on level 4, one of half its side a level lower, and one just short of it too."""
    sides = torch.tensor([224.0, 112, 111.9, 223.9, 448, 5000, 1, 0])
    boxes = torch.stack([torch.zeros(8), torch.zeros(8), sides, sides], 1)
    assert fpn_levels(boxes, 2, 5).tolist() == [4, 3, 2, 3, 5, 5, 2, 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f, b, s: multiscale_roi_align({}, b, s, 2), "at least one map and one image.*got 0 and 2"),
        (lambda f, b, s: multiscale_roi_align(f, b, [], 2), "at least one map and one image.*got 4 and 0"),
        (lambda f, b, s: multiscale_roi_align([*f.values(), torch.zeros(2, 9, 1, 1)], b, s, 2), "agree in N, C"),
        (lambda f, b, s: multiscale_roi_align(list(f.values())[::-1], b, s, 2), r"finest first.*\(8, 9\), \(16, 18\)"),
        (lambda f, b, s: multiscale_roi_align([f["0"], f["3"]], b, s, 2), r"each half as large.*\(64, 72\), \(8, 9\)"),
        (lambda f, b, s: multiscale_roi_align(f, [b[0] * torch.nan, b[1]], s, 2), "boxes must be finite"),
        (lambda f, b, s: multiscale_roi_align(f, [*b, b[0]], s, 2), "image from 0 to 1; box 10 names 2"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call(pyramid(), boxes_of_all_sizes(5), [(256, 288)] * 2)
