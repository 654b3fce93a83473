"""Grids of points, anchors and default boxes, against torchvision's generators and worked by hand."""

import pytest
import torch
from torchvision.models.detection.anchor_utils import AnchorGenerator, DefaultBoxGenerator
from torchvision.models.detection.image_list import ImageList

from seeing.ops.anchors import grid_anchors, grid_centers, pyramid_anchors
from seeing.ops.default_boxes import ssd_default_boxes

RATIOS = (0.5, 1.0, 2.0)
SSD300 = {
    "feature_sizes": [38, 19, 10, 5, 3, 1],
    "aspect_ratios": [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
    "scales": [0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
    "steps": [8, 16, 32, 64, 100, 300],
}


def images(height: int, width: int) -> ImageList:
    return ImageList(torch.zeros(1, 3, height, width), [(height, width)])


def maps(feature_sizes) -> list[torch.Tensor]:
    return [torch.zeros(1, 1, *size) for size in feature_sizes]


def test_anchors_by_hand():
    assert grid_anchors((1, 2), 16, [32], [1.0]).tolist() == [[-16, -16, 16, 16], [0, -16, 32, 16]]
    assert grid_anchors(1, 16, [32], [1.0], offset=0.5).tolist() == [[-8, -8, 24, 24]]
    assert grid_anchors((2, 1), (4, 9), [2], [1.0]).tolist() == [[-1, -1, 1, 1], [-1, 3, 1, 5]]
    assert grid_anchors(1, 16, [32], [0.5]).tolist() == [[-23, -11, 23, 11]]


def test_anchors_that_are_not_rounded_have_the_area_and_the_ratio_asked_for():
    anchors = grid_anchors(3, 8, [32, 50], RATIOS, rounded=False)
    width, height = (anchors[:, 2:] - anchors[:, :2]).unbind(1)
    torch.testing.assert_close((width * height).sqrt(), torch.tensor([32.0, 50]).repeat(27))
    torch.testing.assert_close(height / width, torch.tensor(RATIOS).repeat_interleave(2).repeat(9))


@pytest.mark.parametrize("image", [(64, 64), (100, 203), (800, 1066)])
def test_pyramid_anchors_equal_torchvision(image):
    feature_sizes = [(-(-image[0] // s), -(-image[1] // s)) for s in (4, 8, 16, 32)]
    sizes = [(32,), (64, 70.5), (128,), (256, 300, 11)]
    ratios = [RATIOS, (1.0,), (0.3, 3.0), RATIOS]
    (wanted,) = AnchorGenerator(tuple(sizes), tuple(ratios))(images(*image), maps(feature_sizes))
    levels = pyramid_anchors(image, feature_sizes, sizes, ratios)
    assert [len(level) for level in levels] == [
        h * w * len(s) * len(r) for (h, w), s, r in zip(feature_sizes, sizes, ratios, strict=True)
    ]
    assert torch.equal(torch.cat(levels), wanted)


def test_one_set_of_ratios_serves_all_maps():
    got = pyramid_anchors(64, [16, 8], [[32], [64]], RATIOS)
    wanted = pyramid_anchors(64, [16, 8], [[32], [64]], [RATIOS, RATIOS])
    assert all(torch.equal(a, b) for a, b in zip(got, wanted, strict=True))


def test_ssd300_has_8732_default_boxes_equal_to_torchvision():
    peer = DefaultBoxGenerator(SSD300["aspect_ratios"], scales=SSD300["scales"], steps=SSD300["steps"])
    (wanted,) = peer(images(300, 300), maps([(s, s) for s in SSD300["feature_sizes"]]))
    got = ssd_default_boxes(300, **SSD300)
    assert got.shape == (8732, 4)
    assert sum(s * s * a for s, a in zip([38, 19, 10, 5, 3, 1], [4, 6, 6, 6, 4, 4], strict=True)) == 8732
    torch.testing.assert_close(got, wanted, rtol=0, atol=1e-4)


@pytest.mark.parametrize("clip", [True, False])
@pytest.mark.parametrize("steps", [None, [4, 9, 31.5]])
@pytest.mark.parametrize("count", [1, 3])
def test_default_boxes_equal_torchvision(clip, steps, count):
    feature_sizes, ratios = [(16, 24), (7, 11), (2, 3)][:count], [[2], [2, 3.5], []][:count]
    steps = None if steps is None else steps[:count]
    peer = DefaultBoxGenerator(ratios, 0.2, 0.95, steps=steps, clip=clip)
    (wanted,) = peer(images(64, 96), maps(feature_sizes))
    options = {"min_ratio": 0.2, "max_ratio": 0.95, "steps": steps, "clip": clip}
    torch.testing.assert_close(ssd_default_boxes((64, 96), feature_sizes, ratios, **options), wanted)


def test_default_boxes_by_hand():
    """One cell, scales .25 and 1: squares of 25 and 50 pixels around the middle, and one box twice as wide as high."""
    boxes = ssd_default_boxes(100, [1], [[4]], scales=[0.25, 1])
    wanted = [[37.5, 37.5, 62.5, 62.5], [25, 25, 75, 75], [25, 43.75, 75, 56.25], [43.75, 25, 56.25, 75]]
    torch.testing.assert_close(boxes, torch.tensor(wanted))


def test_centres_by_hand():
    assert grid_centers((2, 3), 8).tolist() == [[4, 4], [12, 4], [20, 4], [4, 12], [12, 12], [20, 12]]
    assert grid_centers((1, 2), (3, 5)).tolist() == [[2.5, 1.5], [7.5, 1.5]]


def test_empty_grids_keep_shape_and_dtype():
    assert grid_centers((0, 5), 8, dtype=torch.float64).shape == (0, 2)
    got = grid_anchors((3, 0), 8, [4], [1], dtype=torch.float16)
    assert (got.shape, got.dtype) == ((0, 4), torch.float16)
    assert grid_anchors(2, 8, [], [1]).shape == (0, 4)
    assert pyramid_anchors(64, [], [], []) == []
    assert ssd_default_boxes(64, [], []).shape == (0, 4)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    assert torch.equal(grid_anchors(5, 8, [32], RATIOS, device="cuda").cpu(), grid_anchors(5, 8, [32], RATIOS))
    got = ssd_default_boxes(300, **SSD300, device="cuda").cpu()
    torch.testing.assert_close(got, ssd_default_boxes(300, **SSD300))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grid_centers(-1, 8), "feature_size must be .* at least 0; got -1"),
        (lambda: grid_centers(4, 0), "stride must be .* at least 1; got 0"),
        (lambda: grid_anchors(1, 8, [0], [1]), r"sizes must be numbers over 0; got \[0\]"),
        (lambda: grid_anchors(1, 8, [4], [-1]), "aspect_ratios must be numbers over 0"),
        (lambda: pyramid_anchors(64, [8, 4], [[4]], [1.0]), "one entry for each map; got 2, 1 and 2"),
        (lambda: pyramid_anchors(4, [8], [[4]], [1.0]), r"\(8, 8\) cannot be larger than the image \(4, 4\)"),
        (lambda: ssd_default_boxes(64, [8], [[2]], scales=[0.1]), "for 1 feature maps .* 2 scales .* got 1, 1"),
        (lambda: ssd_default_boxes(64, [8], [[2]], steps=[8, 16]), "and 1 steps; got 1, 2 and 2"),
        (lambda: ssd_default_boxes(64, [8], [[2]], scales=[0.1, 0]), "scales must be numbers over 0"),
        (lambda: ssd_default_boxes(64, [8], [[2]], steps=[0]), "steps must be numbers over 0"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
