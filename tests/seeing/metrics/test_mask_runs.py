"""Masks as run lengths against pycocotools."""

import numpy as np
import pytest
from pycocotools import mask as mask_api

from seeing.metrics import MaskRuns

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
