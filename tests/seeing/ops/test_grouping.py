"""The hierarchy of regions, the readable op and its twin, against slow loops and an image worked by hand."""

import contextlib
import itertools

import numpy as np
import pytest
import torch

from seeing.kernels import reference
from seeing.ops import MergeTree, felzenszwalb, grouping
from seeing.ops.grouping import MEASURES
from tests.reference import superpixels as slow

BOTH = pytest.mark.parametrize("way", [contextlib.nullcontext, reference], ids=["twin", "reference"])

CHOICES = [MEASURES, MEASURES[1:], ("colour",), ("texture",), ("size",), ("fill",), ("size", "texture")]


def picture(seed: int, channels: int = 3, ties: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
    """Labels (24, 30) and an image."""
    generator = torch.Generator().manual_seed(seed)
    image = torch.rand(channels, 24, 30, generator=generator)
    if ties:
        image = (image * 3).floor() / 2
    return felzenszwalb(image, 40, 0.8, 6), image


def parts(tree: MergeTree) -> tuple[torch.Tensor, ...]:
    return tree.children, tree.similarities, tree.boxes, tree.sizes


def masks(tree: MergeTree, labels: torch.Tensor) -> list[torch.Tensor]:
    """The pixels of every region of the tree."""
    found = [labels == label for label in range(len(tree.children) + 1)]
    for a, b in tree.children.tolist():
        found.append(found[a] | found[b])
    return found


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("measures", CHOICES, ids="-".join)
def test_twin_and_reference_are_equal_to_the_last_bit(measures, ties):
    for seed in range(4):
        labels, image = picture(seed, channels=1 + seed % 3, ties=ties)
        with reference():
            wanted = grouping(labels, image, measures)
        got = grouping(labels, image, measures)
        assert all(torch.equal(a, b) for a, b in zip(parts(got), parts(wanted), strict=True))


@BOTH
@pytest.mark.parametrize("sigma", [0.0, 0.8])
def test_similarities_equal_the_definition(way, sigma):
    labels, image = picture(0)
    for measures in CHOICES:
        with way():
            tree = grouping(labels, image, measures, sigma)
        regions = [mask.numpy() for mask in masks(tree, labels)]
        for (a, b), got in zip(tree.children.tolist(), tree.similarities.tolist(), strict=True):
            wanted = slow.similarity(image.numpy(), regions[a], regions[b], sigma)
            assert got == pytest.approx(sum(wanted[name] for name in measures), abs=1e-12)


@BOTH
def test_every_merge_takes_the_most_similar_neighbours(way):
    labels, image = picture(1)
    with way():
        tree = grouping(labels, image)
    regions = [mask.numpy() for mask in masks(tree, labels)]
    alive = set(range(len(tree.children) + 1))
    for new, (pair, got) in enumerate(zip(tree.children.tolist(), tree.similarities.tolist(), strict=True), len(alive)):
        rivals = [(a, b) for a, b in itertools.combinations(sorted(alive), 2) if touch(regions[a], regions[b])]
        assert tuple(pair) in rivals
        best = max(sum(slow.similarity(image.numpy(), regions[a], regions[b], 0.8).values()) for a, b in rivals)
        assert got == pytest.approx(best, abs=1e-12)
        alive = alive - set(pair) | {new}


def touch(a: np.ndarray, b: np.ndarray) -> bool:
    return bool((a[:, :-1] & b[:, 1:] | b[:, :-1] & a[:, 1:]).any() or (a[:-1] & b[1:] | b[:-1] & a[1:]).any())


@BOTH
def test_the_tree_nests(way):
    labels, image = picture(2)
    with way():
        tree = grouping(labels, image)
    segments = int(labels.max()) + 1
    assert len(tree.children) == len(tree.similarities) == segments - 1
    assert len(tree.boxes) == len(tree.sizes) == 2 * segments - 1
    assert sorted(tree.children.flatten().tolist()) == list(range(2 * segments - 2))  # each region merges once
    assert (tree.children[:, 0] < tree.children[:, 1]).all()
    assert tree.boxes[-1].tolist() == [0, 0, 30, 24]
    assert tree.sizes[-1] == labels.numel()
    for region, mask in enumerate(masks(tree, labels)):
        ys, xs = mask.nonzero().unbind(1)
        assert tree.boxes[region].tolist() == [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]
        assert tree.sizes[region] == mask.sum()


@BOTH
def test_three_stripes_by_hand(way):
    """Black, black and white: without texture, the two black ones go together first.

    colour 1; size 1 - 8 / 12; fill 1: the box around both is full. Then colour 0, size 0, fill 1.
    """
    labels = torch.tensor([[0, 0, 1, 1, 2, 2]] * 2)
    image = (labels == 2).float()[None]
    with way():
        tree = grouping(labels, image, ("colour", "size", "fill"))
    assert tree.children.tolist() == [[0, 1], [2, 3]]
    assert tree.similarities.tolist() == pytest.approx([1 + 1 / 3 + 1, 1])
    assert tree.boxes.tolist() == [[0, 0, 2, 2], [2, 0, 4, 2], [4, 0, 6, 2], [0, 0, 4, 2], [0, 0, 6, 2]]
    assert tree.sizes.tolist() == [4, 4, 4, 8, 12]


@BOTH
def test_stripes_are_told_apart_by_their_direction(way):
    """Two halves: upright and lying stripes share few directions, upright and upright nearly all."""
    y, x = torch.meshgrid(torch.arange(12), torch.arange(24), indexing="ij")
    upright, lying = ((t // 2 % 2).float()[None] for t in (x, y))
    labels = x // 12
    with way():
        different = grouping(labels, torch.where(labels == 0, upright, lying), ("texture",), sigma=0)
        alike = grouping(labels, upright, ("texture",), sigma=0)
    assert different.similarities.item() < 0.2
    assert alike.similarities.item() > 0.9


@BOTH
def test_ties_go_by_number_and_corners_do_not_touch(way):
    """A checkerboard of one-pixel segments of one colour: each similarity is the same until sizes differ."""
    labels = torch.arange(4).view(2, 2)
    with way():
        tree = grouping(labels, torch.zeros(1, 2, 2), ("colour",))
    assert tree.children.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert tree.similarities.tolist() == [1, 1, 1]


@BOTH
def test_one_segment_has_a_tree_without_merges(way):
    with way():
        tree = grouping(torch.zeros(1, 1, dtype=torch.int64), torch.rand(3, 1, 1))
    assert tree.children.shape == (0, 2)
    assert tree.similarities.shape == (0,)
    assert tree.boxes.tolist() == [[0, 0, 1, 1]]
    assert tree.sizes.tolist() == [1]
    assert tree.children.dtype == tree.sizes.dtype == torch.int64
    assert tree.boxes.dtype == torch.float32
    assert tree.similarities.dtype == torch.float64


def test_every_pixel_a_segment():
    image = torch.rand(3, 40, 50, generator=torch.Generator().manual_seed(3))
    labels = torch.arange(2000).view(40, 50)
    tree = grouping(labels, image)
    assert len(tree.children) == 1999
    assert tree.sizes[-1] == 2000


@BOTH
def test_strides_and_dtypes(way):
    labels, image = picture(4)
    turned = labels.T.contiguous().T, image.permute(1, 2, 0).contiguous().movedim(-1, 0)
    with way():
        wanted = grouping(labels, image)
        for got in (grouping(*turned), grouping(labels, image.double())):
            assert all(torch.equal(a, b) for a, b in zip(parts(got), parts(wanted), strict=True))
        assert len(grouping(labels, image.half()).children) == len(wanted.children)


def test_values_beyond_the_range_go_to_the_last_bins():
    labels = torch.tensor([[0, 1, 2]])
    tree = grouping(labels, torch.tensor([[[-5.0, 0.0, 1e30]]]), ("colour",))
    assert tree.children.tolist() == [[0, 1], [2, 3]]
    assert tree.similarities.tolist() == [1, 0]


def test_cuts_of_the_tree():
    labels, image = picture(5)
    tree = grouping(labels, image)
    segments = int(labels.max()) + 1
    assert tree.cut(segments).tolist() == list(range(segments))
    assert tree.cut(1).tolist() == [0] * segments
    regions = masks(tree, labels)
    for count in range(1, segments + 1):
        coarse = tree.cut(count)[labels]
        assert coarse.unique().tolist() == list(range(count))
        for region in regions[: 2 * segments - count]:
            assert len(coarse[region].unique()) == 1
    for count in (0, segments + 1):
        with pytest.raises(ValueError, match=rf"regions must be in 1\.\.{segments}.*got {count}"):
            tree.cut(count)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_on_a_gpu():
    labels, image = picture(6)
    got = grouping(labels.cuda(), image.cuda())
    assert all(part.is_cuda for part in parts(got))
    assert got.cut(3).is_cuda
    assert all(torch.equal(a.cpu(), b) for a, b in zip(parts(got), parts(grouping(labels, image)), strict=True))


LABELS = torch.zeros(4, 4, dtype=torch.int64)
IMAGE = torch.zeros(3, 4, 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grouping(LABELS, IMAGE[0]), r"image must be \(C, H, W\).*got \(4, 4\)"),
        (lambda: grouping(LABELS[:3], IMAGE), r"labels \(H, W\) int64; got \(3, 4, 4\) and torch.int64 \(3, 4\)"),
        (lambda: grouping(LABELS.float(), IMAGE), "labels .* int64; got .* torch.float32"),
        (lambda: grouping(LABELS + 1, IMAGE), r"0\.\.R-1, each with a pixel; got 1 labels in 1\.\.1"),
        (lambda: grouping(LABELS - 1, IMAGE), r"got 1 labels in -1\.\.-1"),
        (lambda: grouping(torch.full_like(LABELS, 2**40).index_fill(0, torch.tensor(0), 0), IMAGE), "got 2 labels in"),
        (lambda: grouping(LABELS, IMAGE.long()), "image must be floating point"),
        (lambda: grouping(LABELS, IMAGE + torch.nan), "image must be finite; got nan"),
        (lambda: grouping(LABELS, torch.zeros(3, 4, 4), ()), r"measures must be some of .*; got \(\)"),
        (lambda: grouping(LABELS, torch.zeros(3, 4, 4), ("hue",)), r"got \('hue',\)"),
        (lambda: grouping(LABELS, torch.zeros(3, 4, 4), sigma=-1), "sigma must be at least 0 and finite; got -1"),
        (lambda: grouping(LABELS[:0], IMAGE[:, :0]), "must have a channel, a pixel"),
        (lambda: grouping(LABELS.to("meta"), torch.zeros(3, 4, 4)), "one device; got labels on meta"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_old_name_of_the_colour_measure_still_works():
    labels, image = torch.tensor([[0, 1, 2]]), torch.tensor([[[0.0, 0.9, 1.0]]])
    with pytest.warns(DeprecationWarning, match='"color" is now "colour"') as caught:
        old = grouping(labels, image, ("size", "color"))
    assert caught[0].filename == __file__
    new = grouping(labels, image, ("size", "colour"))
    assert torch.equal(old.children, new.children)
    assert torch.equal(old.similarities, new.similarities)
