"""COCO's masks, bit for bit as pycocotools has them."""

import json

import numpy as np
import pytest
import torch
from pycocotools import mask as peer

from seeing.data import decode_rle, encode_rle, polygons_to_mask, segmentation_to_mask

# pycocotools meets a newer NumPy than it was written for.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def by_peer(polygons, height, width):
    return peer.decode(peer.merge(peer.frPyObjects(polygons, height, width))).astype(bool)


def blocks(rng, height, width):
    """A mask with runs of every length, some past 2^15, which takes four characters."""
    small = rng.random((height, width)) < rng.random()
    return np.repeat(np.repeat(small, rng.integers(1, 60), 0), rng.integers(1, 60), 1)


def test_by_hand():
    mask = torch.tensor([[0, 1, 1], [1, 1, 0]])
    rle = encode_rle(mask, compress=False)
    assert rle == {"size": [2, 3], "counts": [1, 4, 1]}  # down the columns: 0, 1 1 1 1, 0
    assert decode_rle(rle).tolist() == mask.bool().tolist()
    assert encode_rle(mask)["counts"] == "141"


def test_a_square_by_hand():
    assert polygons_to_mask([[1, 1, 3, 1, 3, 3, 1, 3]], 4, 4).int().tolist() == [
        [0, 0, 0, 0],
        [0, 1, 1, 0],
        [0, 1, 1, 0],
        [0, 0, 0, 0],
    ]


@pytest.mark.parametrize("seed", range(300))
def test_run_lengths_equal_the_peers(seed):
    rng = np.random.default_rng(seed)
    mask = blocks(rng, *rng.integers(1, 12, 2)) if seed % 2 else rng.random(rng.integers(1, 40, 2)) < rng.random()
    wanted = peer.encode(np.asfortranarray(mask, dtype=np.uint8))
    got = encode_rle(torch.from_numpy(mask))
    assert (got["size"], got["counts"].encode()) == (list(wanted["size"]), wanted["counts"])
    for rle in (got, wanted, encode_rle(torch.from_numpy(mask), compress=False)):
        assert torch.equal(decode_rle(rle), torch.from_numpy(mask))


@pytest.mark.parametrize("value", [0, 1])
@pytest.mark.parametrize("size", [(0, 0), (0, 4), (4, 0), (1, 1), (3, 2)])
def test_empty_and_full_masks(size, value):
    mask = torch.full(size, value)
    wanted = peer.encode(np.asfortranarray(mask.numpy(), dtype=np.uint8))
    assert encode_rle(mask)["counts"].encode() == wanted["counts"]
    assert torch.equal(decode_rle(encode_rle(mask)), mask.bool())


@pytest.mark.parametrize("dtype", [torch.bool, torch.uint8, torch.int64])
def test_any_kind_of_mask_in_any_layout(dtype):
    mask = (torch.arange(60).reshape(6, 10) % 7 < 3).to(dtype)
    for view in (mask, mask.T, mask[::2, 1::3]):
        assert torch.equal(decode_rle(encode_rle(view)), view.bool())


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_mask_on_a_gpu():
    mask = torch.rand(9, 11) < 0.5
    assert encode_rle(mask.cuda()) == encode_rle(mask)


KINDS = {
    "anywhere": lambda rng, k, h, w: rng.uniform(-10, 70, (k, 2)),
    "whole pixels": lambda rng, k, h, w: rng.integers(-5, 65, (k, 2)),
    "half pixels": lambda rng, k, h, w: rng.integers(-20, 130, (k, 2)) / 2,
    "inside": lambda rng, k, h, w: rng.uniform(0, 1, (k, 2)) * [w, h],
    "corners twice": lambda rng, k, h, w: np.repeat(rng.uniform(-5, 60, (k, 2)), 2, 0),
    "one line": lambda rng, k, h, w: np.stack([rng.uniform(0, w, k), np.full(k, h / 2)], 1),
    "tiny": lambda rng, k, h, w: rng.uniform(0, 1, (k, 2)) + np.array([w // 2, h // 2]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_outlines_equal_the_peers(kind):
    rng = np.random.default_rng(len(kind))
    for _ in range(400):
        height, width = (int(n) for n in rng.integers(1, 60, 2))
        polygons = [KINDS[kind](rng, rng.integers(3, 9), height, width).ravel().tolist() for _ in range(2)]
        for chosen in (polygons[:1], polygons):
            got = polygons_to_mask(chosen, height, width)
            assert np.array_equal(got.numpy(), by_peer(chosen, height, width)), (chosen, height, width)


def test_the_real_annotations_equal_the_peers(real_data):
    content = json.loads((real_data / "coco_eval" / "instances_val2014_100.json").read_text())
    sizes = {image["id"]: (image["height"], image["width"]) for image in content["images"]}
    for annotation in content["annotations"]:
        shape, size = annotation["segmentation"], sizes[annotation["image_id"]]
        wanted = by_peer(shape, *size) if isinstance(shape, list) else peer.decode(peer.frPyObjects(shape, *size))
        assert np.array_equal(segmentation_to_mask(shape, *size).numpy(), wanted)


def test_no_outline_is_an_empty_mask():
    assert not polygons_to_mask([], 3, 4).any()
    assert polygons_to_mask([[0, 0, 5, 0, 5, 5]], 0, 4).shape == (0, 4)


@pytest.mark.parametrize(
    ("rle", "message"),
    [
        ({"counts": [4]}, "a size of .* was expected; got None"),
        ({"size": [2], "counts": [4]}, r"got \[2\]"),
        ({"size": [2.0, 2], "counts": [4]}, r"got \[2.0, 2\]"),
        ({"size": [-2, -2], "counts": [4]}, r"got \[-2, -2\]"),
        ({"size": [1 << 20, 1 << 20], "counts": [1 << 40]}, r"at most 2\^28 pixels"),
        ({"size": [2, 2]}, '"counts", a list'),
        ({"size": [2, 2], "counts": [1.5, 2.5]}, '"counts", a list'),
        ({"size": [2, 2], "counts": [-1, 5]}, '"counts", a list'),
        ({"size": [2, 2], "counts": [1 << 70]}, '"counts", a list'),
        ({"size": [2, 2], "counts": [1, 2]}, r"add up to 2 \* 2 pixels were expected; got 3"),
        ({"size": [2, 2], "counts": ""}, "got 0"),
        ({"size": [2, 2], "counts": "4!"}, "out of place"),
        ({"size": [2, 2], "counts": "é"}, "add up|out of place"),
        ({"size": [2, 2], "counts": "T"}, "cut off"),
        ({"size": [2, 2], "counts": "oooooooooo1"}, "too long"),
        ({"size": [2, 2], "counts": "O5"}, "add up to"),
        ({"size": [2, 2], "counts": "05O4"}, "add up to"),
    ],
)
def test_malformed_run_lengths(rle, message):
    with pytest.raises(ValueError, match=message):
        decode_rle(rle)


@pytest.mark.parametrize(
    ("polygon", "message"),
    [
        ([0, 0, 1, 1], "at least 6"),
        ([0, 0, 1, 1, 2, 2, 3], "an even number"),
        ([0, 0, 1, 1, 2, "2"], "an even number of numbers"),
        (7, "an outline must be"),
        ([0, 0, 1, 1, 2, float("nan")], "under 1e"),
        ([0, 0, 1, 1, 2, float("inf")], "under 1e"),
        ([0, 0, 1, 1, 2, 10**400], "under 1e"),
        ([0, 0, 9e5, 9e5, 2, 2], "at most .* pixels long"),
    ],
)
def test_malformed_outlines(polygon, message):
    with pytest.raises(ValueError, match=message):
        polygons_to_mask([polygon], 5, 5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: segmentation_to_mask("abc", 5, 5), "a list of outlines or run lengths were expected; got str"),
        (lambda: segmentation_to_mask({"size": [5, 4], "counts": [20]}, 5, 5), r"5x5 pixels was expected.*\(5, 4\)"),
        (lambda: polygons_to_mask([], -1, 5), r"got \(-1, 5\)"),
        (lambda: encode_rle(torch.zeros(2, 2)), r"bool or integer; got torch.float32 \(2, 2\)"),
        (lambda: encode_rle(torch.zeros(2, 2, 2).bool()), r"\(2, 2, 2\)"),
    ],
)
def test_other_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
