"""After `warm_up`, the first calls compile nothing."""

import importlib
import pkgutil

import pytest
import torch

from seeing import metrics, ops
from seeing.warm_up import warm_up

numba = pytest.importorskip("numba", reason="without numba there is nothing to warm up")
cpu = importlib.import_module("seeing.kernels.cpu")


def compiled() -> dict[str, int]:
    """Every loop of the library that has been compiled -> for how many combinations of types."""
    found = {}
    for module in pkgutil.iter_modules(cpu.__path__, f"{cpu.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if getattr(value, "signatures", None):
                found[f"{module.name}.{name}"] = len(value.signatures)
    return found


def test_the_first_calls_compile_nothing():
    warm_up()
    before = compiled()
    boxes = torch.rand(50, 2).mul(80).repeat(1, 2) + torch.tensor([0, 0, 16, 12])
    scores, labels, image = torch.rand(50), torch.randint(0, 3, (50,)), torch.rand(2, 3, 32, 32)
    pooled, places = ops.max_pool2d_with_indices(image, 2)
    ops.max_unpool2d(pooled, places, 2)
    ops.box_iou(boxes, boxes)
    ops.generalized_box_iou(boxes, boxes)
    ops.nms(boxes, scores, 0.5)
    ops.batched_nms(boxes, scores, labels, 0.5)
    ops.roi_align(image, [boxes, boxes[:3]], 7)
    ops.roi_pool(image, [boxes, boxes[:3]], 7)
    metrics.confusion_matrix(labels, labels.flip(0), 3)
    metrics.ece(torch.rand(50, 3).softmax(1), labels)
    metrics.ece(scores, labels.clamp(max=1))
    assert compiled() == before
    for name in ("pooling", "iou", "nms", "roi_align", "roi_pool", "confusion"):
        assert any(f".{name}." in loop for loop in before), name


def test_nothing_is_changed():
    """Neither the switch that gradients have, nor random numbers."""
    torch.manual_seed(0)
    warm_up()
    assert torch.is_grad_enabled()
    drawn = torch.rand(3)
    torch.manual_seed(0)
    assert torch.equal(drawn, torch.rand(3))
