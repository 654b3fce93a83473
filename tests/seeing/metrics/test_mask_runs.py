"""Masks as run lengths against pycocotools."""

import numpy as np
import pytest
from pycocotools import mask as mask_api

from seeing.data import decode_rle
from seeing.metrics import MaskRuns
from seeing.metrics.coco.segmentation import segmentation_runs

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def random_masks(seed: int, count: int = 12, height: int = 7, width: int = 9) -> np.ndarray:
    rng = np.random.default_rng(seed)
    masks = rng.random((count, height, width)) < rng.random((count, 1, 1))
    masks[0], masks[1] = False, True
    masks[2] = False
    masks[2, 2:5, 3:4] = True
    return masks


def published(masks: np.ndarray) -> list[dict]:
    return mask_api.encode(np.asfortranarray(masks.transpose(1, 2, 0).astype(np.uint8)))


@pytest.mark.parametrize("seed", range(4))
def test_areas_and_boxes_equal_pycocotools(seed):
    masks = random_masks(seed)
    runs = MaskRuns.encode(masks)
    assert np.array_equal(runs.area(), mask_api.area(published(masks)))
    assert np.array_equal(runs.boxes(), mask_api.toBbox(published(masks)))


def test_decoding_undoes_encoding():
    masks = random_masks(5)
    runs = MaskRuns.encode(masks)
    assert all(np.array_equal(runs.decode(i), mask) for i, mask in enumerate(masks))
    order = np.array([3, 0, 3])
    assert np.array_equal(np.stack([runs.take(order).decode(i) for i in range(3)]), masks[order])


@pytest.mark.parametrize("shape", [(0, 4, 4), (2, 0, 4), (2, 4, 0)])
def test_empty_masks(shape):
    runs = MaskRuns.encode(np.zeros(shape, bool))
    assert len(runs) == shape[0]
    assert runs.area().tolist() == [0] * shape[0]
    assert runs.boxes().shape == (shape[0], 4)


@pytest.mark.parametrize("runs", [[3], [], [5, -1]])
def test_runs_that_do_not_fill_the_mask_are_refused(runs):
    with pytest.raises(ValueError, match="add up to its height times width"):
        MaskRuns.join([np.array(runs, np.int64)], [(2, 2)])


@pytest.mark.parametrize("counts", [[2, 3, 1], [0, 6], [6], [1, 2, 0, 1, 2], [2, 0, 1, 3], [3, 3, 0]])
def test_run_lengths_of_a_file_are_those_of_the_mask_they_draw(counts):
    rle = {"size": [2, 3], "counts": counts}
    lengths, size = segmentation_runs(rle, "a mask", (2, 3))
    wanted = MaskRuns.encode(decode_rle(rle).numpy()[None])
    assert lengths.tolist() == wanted.lengths.tolist()
    assert tuple(size) == (2, 3)


def test_run_lengths_of_another_size_are_refused():
    with pytest.raises(ValueError, match="a mask of 4x3 pixels was expected"):
        segmentation_runs({"size": [2, 3], "counts": [6]}, "a mask", (4, 3))
    with pytest.raises(ValueError, match="a mask: runs that add up to"):
        segmentation_runs({"size": [2, 3], "counts": [5]}, "a mask")
