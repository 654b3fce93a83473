"""The Triton twin of NMS: interpreted, index for index torchvision's; and compiled for a GPU that is not there.

Where there is a GPU, tests/seeing/ops/test_nms.py runs it there.
"""

import pytest
import torch
import torchvision.ops as peer

from seeing.ops.nms import batched_nms, round_down
from tests.seeing.kernels.aot import compile_kernel

twin = pytest.importorskip("seeing.kernels.gpu.nms", reason="triton is not installed")
interpreted = pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU runs the kernels, not the interpreter")
MODULE = "seeing.kernels.gpu.nms"


def scene(n, clusters, seed=0):
    """Boxes around a few centres, some of no area, and scores of which many are equal."""
    generator = torch.Generator().manual_seed(seed)
    centre = torch.rand(clusters, 2, generator=generator) * 300
    corner = centre[torch.arange(n) % clusters] + torch.randn(n, 2, generator=generator) * 5
    sides = torch.rand(n, 2, generator=generator) * 40
    sides[::9, 0] = 0
    return torch.cat([corner, corner + sides], 1), torch.randint(0, 30, (n,), generator=generator) / 30


@interpreted
@pytest.mark.filterwarnings("ignore:invalid value encountered")  # 0 / 0, of two boxes without area
@pytest.mark.parametrize(("n", "clusters"), [(0, 1), (1, 1), (64, 4), (65, 65), (300, 300), (300, 12)])
@pytest.mark.parametrize("threshold", [0.1, 0.5])
def test_it_equals_torchvision(n, clusters, threshold):
    boxes, scores = scene(n, clusters)
    keep = twin.nms(boxes, scores, round_down(threshold, torch.float32))
    assert keep.dtype == torch.int64
    assert torch.equal(keep, peer.nms(boxes, scores, threshold))


@interpreted
@pytest.mark.filterwarnings("ignore:invalid value encountered")
@pytest.mark.parametrize("threshold", [-0.1, 0, 1])
def test_odd_thresholds_and_infinite_boxes(threshold):
    boxes, scores = scene(70, 7)
    boxes[::10, 2] = torch.inf
    assert torch.equal(twin.nms(boxes, scores, threshold), peer.nms(boxes, scores, threshold))


@interpreted
@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_categories():
    boxes, scores = scene(150, 5)
    idxs = torch.arange(150) % 3 * 2**60 - 7
    limit = round_down(0.4, torch.float32)
    assert torch.equal(twin.nms(boxes, scores, limit, idxs), batched_nms(boxes, scores, idxs, 0.4))


@interpreted
@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_a_mask_too_large_is_made_in_bands(monkeypatch):
    monkeypatch.setattr(twin, "MASK_BYTES", 2 * 64 * 5 * 8)  # two words of rows, five words long
    boxes, scores = scene(300, 12, 1)
    assert torch.equal(twin.nms(boxes, scores, 0.5), peer.nms(boxes, scores, 0.5))


def test_the_mask_compiles_for_a_gpu_without_spills_and_rounds_as_the_cpu_does():
    pointers, numbers = dict.fromkeys(("groups", "mask"), "*i64"), dict.fromkeys(("n", "words", "first"), "i32")
    signature = {**pointers, **numbers, "boxes": "*fp32", "limit": "fp32"}
    options = {"num_warps": 8, "enable_fp_fusion": False}
    report = compile_kernel(MODULE, "fill_mask", signature, {"grouped": True, "bits": 64}, options)
    assert report.spilled_bytes == 0
    assert "fma" not in report.ptx
    assert "div.rn.f32" in report.ptx
    assert "div.full" not in report.ptx


def test_the_walk_compiles_for_a_gpu_without_spills():
    signature = {"mask": "*i64", "dead": "*i64", "words": "i32", "first": "i32", "last": "i32"}
    report = compile_kernel(MODULE, "walk", signature, {"bits": 64, "span": 64}, {"num_warps": 8, "num_stages": 1})
    assert report.spilled_bytes == 0
