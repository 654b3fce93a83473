"""Selective search: the twin against the readable op, its boxes and their order, and objects it must find."""

import os

import pytest
import torch

from seeing.data import load_penn_fudan
from seeing.kernels import reference
from seeing.metrics import mean_best_overlap, recall
from seeing.ops import felzenszwalb, grouping, rgb_to_hsv, selective_search

MODES = ["single", "fast", "quality"]


def scene(seed: int = 0, size: tuple[int, int] = (48, 64)) -> tuple[torch.Tensor, torch.Tensor]:
    """Four rectangles of random colours on a noisy ground, and their boxes."""
    generator = torch.Generator().manual_seed(seed)
    image = torch.rand(3, 1, 1, generator=generator).expand(3, *size).clone()
    boxes = []
    for top, left in ((4, 6), (6, 38), (28, 4), (26, 40)):
        height, width = torch.randint(10, 18, (2,), generator=generator).tolist()
        image[:, top : top + height, left : left + width] = torch.rand(3, 1, 1, generator=generator)
        boxes.append([left, top, left + width, top + height])
    noise = torch.randn(image.shape, generator=generator)
    return (image + 0.02 * noise).clamp(0, 1), torch.tensor(boxes, dtype=torch.float32)


@pytest.mark.parametrize("mode", MODES)
def test_twin_and_reference_are_equal(mode):
    image, _ = scene()
    image = image[:, :30, :40]
    with reference():
        wanted = selective_search(image, 50, 0.8, 10, mode)
    assert torch.equal(selective_search(image, 50, 0.8, 10, mode), wanted)


@pytest.mark.parametrize("mode", MODES)
def test_boxes_are_different_inside_the_image_and_the_same_each_time(mode):
    image, _ = scene(1)
    boxes = selective_search(image, mode=mode)
    assert boxes.dtype == torch.float32
    assert len(boxes.unique(dim=0)) == len(boxes)
    assert (boxes[:, 2:] > boxes[:, :2]).all()
    assert boxes.min() >= 0
    assert (boxes[:, 2].max(), boxes[:, 3].max()) == (64, 48)
    assert [0, 0, 64, 48] in boxes.tolist()
    assert torch.equal(selective_search(image, mode=mode), boxes)


def test_the_single_mode_is_one_grouping_in_the_documented_order():
    image, _ = scene(2)
    labels = felzenszwalb(rgb_to_hsv(image.double()), 60, 0.8, 20)
    tree = grouping(labels, rgb_to_hsv(image.double()))
    count = len(tree.boxes)
    ranks = [(count - i) * ((i + 1) * 0.6180339887498949 % 1) for i in range(count)]
    wanted = []
    for i in sorted(range(count), key=ranks.__getitem__):
        if tree.boxes[i].tolist() not in wanted:
            wanted.append(tree.boxes[i].tolist())
    assert selective_search(image, 60, 0.8, 20, "single").tolist() == wanted


def test_more_views_find_more_boxes():
    image, _ = scene(3)
    found = [set(map(tuple, selective_search(image, mode=mode).tolist())) for mode in MODES]
    assert found[0] <= found[1] <= found[2]
    assert len(found[0]) < len(found[1]) < len(found[2])


def test_objects_are_found_and_likely_ones_come_first():
    scenes = [scene(seed) for seed in range(10)]
    proposals = [selective_search(image, 100, 0.8, 20) for image, _ in scenes]
    truths = [boxes for _, boxes in scenes]
    assert recall(proposals, truths, 0.7) > 0.9
    assert mean_best_overlap(proposals, truths) > 0.85
    head = [boxes[:15] for boxes in proposals]
    tail = [boxes[-15:] for boxes in proposals]
    assert mean_best_overlap(head, truths) > mean_best_overlap(tail, truths)


@pytest.mark.skipif("SEEING_DATA" not in os.environ, reason="SEEING_DATA does not name the folder of real data")
def test_pedestrians_are_found():
    data = load_penn_fudan(download=False)
    pairs = [data[i] for i in range(0, len(data), 34)]
    proposals = [selective_search(image, 150, 0.8, 100) for image, _ in pairs]
    truths = [target["boxes"] for _, target in pairs]
    assert recall(proposals, truths, 0.5) > 0.8
    assert mean_best_overlap(proposals, truths) > 0.65


@pytest.mark.parametrize("mode", MODES)
def test_one_pixel_and_a_flat_image_give_the_image(mode):
    assert selective_search(torch.rand(3, 1, 1), mode=mode).tolist() == [[0, 0, 1, 1]]
    assert selective_search(torch.full((3, 20, 30), 0.5), mode=mode).tolist() == [[0, 0, 30, 20]]
    assert selective_search(torch.zeros(3, 20, 30), mode=mode).tolist() == [[0, 0, 30, 20]]


def test_two_halves_are_three_boxes():
    image = torch.zeros(3, 20, 30)
    image[0, :, 10:] = 1
    boxes = selective_search(image, sigma=0, mode="single")
    assert sorted(boxes.tolist()) == [[0, 0, 10, 20], [0, 0, 30, 20], [10, 0, 30, 20]]


def test_strides_and_dtypes():
    image, _ = scene(4)
    wanted = selective_search(image)
    assert torch.equal(selective_search(image.movedim(0, -1).contiguous().movedim(-1, 0)), wanted)
    assert torch.equal(selective_search(image.double()), wanted)
    assert torch.equal(selective_search(image.half()), selective_search(image.half().float()))
    assert torch.equal(selective_search(image.requires_grad_()), wanted)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_on_a_gpu():
    image, _ = scene(5)
    got = selective_search(image.cuda())
    assert got.is_cuda
    assert torch.equal(got.cpu(), selective_search(image))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: selective_search(torch.zeros(1, 4, 4)), r"\(3, H, W\), RGB; got \(1, 4, 4\)"),
        (lambda: selective_search(torch.zeros(1, 3, 4, 4)), r"got \(1, 3, 4, 4\)"),
        (lambda: selective_search(torch.zeros(3, 4, 4).byte()), "floating point.*torch.uint8"),
        (lambda: selective_search(torch.full((3, 4, 4), 255.0)), r"in \[0, 1\]; got 255\.\.255"),
        (lambda: selective_search(torch.full((3, 4, 4), torch.nan)), "must be finite; got nan"),
        (lambda: selective_search(torch.zeros(3, 4, 0)), r"a pixel.*got \(3, 4, 0\)"),
        (lambda: selective_search(torch.zeros(3, 4, 4), scale=-1), "scale must be at least 0"),
        (lambda: selective_search(torch.zeros(3, 4, 4), mode="slow"), r"\('single', 'fast', 'quality'\); got 'slow'"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
