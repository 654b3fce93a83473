"""Graph segmentation, the readable op and its twin, against scikit-image, slow loops and images worked by hand."""

import contextlib

import numpy as np
import pytest
import skimage.data
import skimage.segmentation
import torch

from seeing.kernels import reference
from seeing.ops import felzenszwalb
from tests.reference import superpixels as slow

BOTH = pytest.mark.parametrize("way", [contextlib.nullcontext, reference], ids=["twin", "reference"])

SHAPES = [(3, 24, 31), (1, 30, 17), (2, 1, 40), (2, 40, 1), (4, 3, 3), (3, 1, 1)]
PARAMETERS = [(100, 0.8, 20), (30, 0, 5), (1000, 2.5, 0), (0, 0.5, 4), (10, 0.1, 1)]


def noise(shape: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def scene(shape: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    """A few soft blobs of colour with a little noise."""
    coarse = noise((1, shape[0], 4, 4), seed)
    blobs = torch.nn.functional.interpolate(coarse, shape[1:], mode="bicubic", align_corners=False)[0]
    return (blobs + 0.02 * noise(shape, seed + 1)).clamp(0, 1)


def tied(shape: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    """Three grey levels only: most edges cost as much as many others."""
    return (noise(shape, seed) * 3).floor() / 2


def ramp(shape: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    """All edges of a direction cost the same, but for the rounding."""
    _, height, width = shape
    return (0.013 * torch.arange(height)[:, None] + 0.01 * torch.arange(width)).expand(shape)


@pytest.fixture
def stable(monkeypatch):
    """scikit-image's sort of equal costs depends on the machine; with numpy's stable sort it can be compared."""
    argsort = np.argsort
    monkeypatch.setattr(np, "argsort", lambda values, **_: argsort(values, kind="stable"))


def theirs(image: torch.Tensor, scale: float, sigma: float, min_size: int) -> torch.Tensor:
    return torch.from_numpy(
        skimage.segmentation.felzenszwalb(image.movedim(0, -1).numpy(), scale=scale, sigma=sigma, min_size=min_size)
    )


@BOTH
@pytest.mark.filterwarnings("ignore:Got image with third dimension")
@pytest.mark.parametrize("make", [noise, scene, tied, ramp])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_equal_to_scikit_image_label_for_label(way, make, shape, stable):
    for seed, parameters in enumerate(PARAMETERS):
        image = make(shape, seed)
        with way():
            got = felzenszwalb(image, *parameters)
        assert torch.equal(got, theirs(image, *parameters)), parameters


def test_equal_to_scikit_images_own_sort_where_no_costs_are_equal():
    for seed in range(20):
        image = noise((3, 30, 40), seed).double()
        assert torch.equal(felzenszwalb(image, 60, 0.8, 10), theirs(image, 60, 0.8, 10))


def test_equal_to_scikit_image_on_a_photograph(stable):
    image = torch.from_numpy(skimage.data.astronaut()).movedim(-1, 0) / 255
    got = felzenszwalb(image)
    assert torch.equal(got, theirs(image, 100, 0.8, 50))
    assert 100 < got.max() < 2000


@BOTH
@pytest.mark.parametrize("make", [noise, tied])
def test_equal_to_the_slow_loops(way, make):
    for seed in range(3):
        image = make((2, 9, 12), seed)
        wanted = slow.felzenszwalb(image.numpy(), 80, 0.8, 6)
        with way():
            assert felzenszwalb(image, 80, 0.8, 6).tolist() == wanted.tolist()


@BOTH
def test_two_halves_by_hand(way):
    image = torch.zeros(3, 4, 6)
    image[:, :, 3:] = 1
    with way():
        # Each half has 12 pixels and no inner cost: the step sqrt(3) must stay under scale / 255 / 12 to be taken.
        assert felzenszwalb(image, 12 * 255 * 1.73, sigma=0, min_size=0).tolist() == [[0, 0, 0, 1, 1, 1]] * 4
        assert felzenszwalb(image, 12 * 255 * 1.74, sigma=0, min_size=0).max() == 0
        # Too small a segment joins whatever it takes.
        assert felzenszwalb(image, 1, sigma=0, min_size=12).max() == 1
        assert felzenszwalb(image, 1, sigma=0, min_size=13).max() == 0


@BOTH
def test_a_checkerboard_is_two_segments_that_hang_together_by_corners(way):
    board = (torch.arange(6)[:, None] + torch.arange(6)) % 2
    with way():
        assert torch.equal(felzenszwalb(board[None].float(), 1, sigma=0, min_size=0), board)


@BOTH
def test_a_flat_image_and_a_single_pixel_are_one_segment(way):
    with way():
        assert felzenszwalb(torch.full((3, 20, 30), 0.3)).unique().tolist() == [0]
        assert felzenszwalb(torch.rand(3, 1, 1)).tolist() == [[0]]
        # Without a scale nothing joins: no cost is under 0.
        assert felzenszwalb(torch.zeros(1, 2, 2), scale=0, min_size=0).tolist() == [[0, 1], [2, 3]]


def test_labels_are_consecutive_and_large_enough():
    labels = felzenszwalb(noise((3, 50, 60)), 20, 0.3, 30)
    names, sizes = labels.unique(return_counts=True)
    assert names.tolist() == list(range(len(names)))
    assert sizes.min() >= 30
    assert labels.dtype == torch.int64
    assert np.array_equal(slow.in_reading_order(labels.numpy()), labels.numpy())


def test_a_batch_is_its_images():
    images = noise((3, 3, 20, 30))
    assert torch.equal(felzenszwalb(images), torch.stack([felzenszwalb(image) for image in images]))
    empty = felzenszwalb(images[:0])
    assert empty.shape == (0, 20, 30)
    assert empty.dtype == torch.int64


@BOTH
@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_other_dtypes_and_strides(way, dtype):
    image = noise((20, 30, 3)).to(dtype).movedim(-1, 0)
    with way():
        assert torch.equal(felzenszwalb(image), felzenszwalb(image.double().contiguous()))
        assert torch.equal(
            felzenszwalb(image.flip(2)[..., ::2]), felzenszwalb(image.double().flip(2)[..., ::2].clone())
        )


def test_an_image_that_wants_a_gradient_and_a_scale_that_is_a_whole_number():
    image = noise((3, 20, 30))
    assert torch.equal(felzenszwalb(image.clone().requires_grad_(), scale=50, sigma=1), felzenszwalb(image, 50.0, 1.0))


def test_costs_that_differ_in_their_last_bits_only_are_sorted_exactly(stable):
    """More equal high bits than the insertion sort takes, and costs from 1e-300 to 1."""
    base = torch.full((1, 40, 40), 0.5, dtype=torch.float64)
    close = base + noise(base.shape).double() * 1e-15
    far = 10 ** (-300 * noise(base.shape).double())
    for image in (close, far, far * 1e-20):
        # Without a scale nothing joins but by size: then the order of all costs shows.
        for parameters in ((1e-10, 0.0, 3), (0.0, 0.0, 5), (0.0, 0.0, 40)):
            with reference():
                wanted = felzenszwalb(image, *parameters)
            assert torch.equal(felzenszwalb(image, *parameters), wanted)
            assert torch.equal(wanted, theirs(image, *parameters))


def test_huge_values_do_no_harm():
    image = noise((3, 20, 20)).double() * 1e308
    assert felzenszwalb(image).shape == (20, 20)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_on_a_gpu():
    image = noise((2, 3, 40, 50))
    got = felzenszwalb(image.cuda())
    assert got.is_cuda
    assert torch.equal(got.cpu(), felzenszwalb(image))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: felzenszwalb(torch.zeros(4, 4)), r"\(C, H, W\) or \(N, C, H, W\); got \(4, 4\)"),
        (lambda: felzenszwalb(torch.zeros(3, 4, 4, dtype=torch.uint8)), r"floating point in \[0, 1\]; got torch.uint8"),
        (lambda: felzenszwalb(torch.zeros(3, 0, 4)), r"a pixel.*got \(3, 0, 4\)"),
        (lambda: felzenszwalb(torch.zeros(0, 4, 4)), r"a channel.*got \(0, 4, 4\)"),
        (lambda: felzenszwalb(torch.zeros(1, 1, 1).expand(1, 2**15, 2**14)), r"under 2\*\*29 pixels"),
        (lambda: felzenszwalb(torch.full((3, 4, 4), torch.nan)), "image must be finite; got nan"),
        (lambda: felzenszwalb(torch.full((3, 4, 4), torch.inf)), "image must be finite; got inf"),
        (lambda: felzenszwalb(torch.zeros(3, 4, 4), scale=-1), "scale must be at least 0 and finite; got -1"),
        (lambda: felzenszwalb(torch.zeros(3, 4, 4), sigma=torch.nan), "sigma must be at least 0 and finite; got nan"),
        (lambda: felzenszwalb(torch.zeros(3, 4, 4), min_size=-3), "min_size must be at least 0 and finite; got -3"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
