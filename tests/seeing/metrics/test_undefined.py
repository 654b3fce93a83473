"""What is undefined is NaN, in every metric alike; COCO's published numbers alone have their -1."""

import numpy as np
import pytest
import torch

from seeing import metrics

NOTHING, NO_LABELS = torch.zeros(0), torch.zeros(0, dtype=torch.int64)
NO_PIXELS = torch.zeros(2, 2, dtype=torch.int64)
BOX, NO_BOX = torch.tensor([[0.0, 0, 4, 4]]), torch.zeros(0, 4)
DETECTIONS, NO_TRUTHS = [{"boxes": BOX, "scores": [0.5]}], [{"boxes": NO_BOX}]
UNDEFINED = {
    **{
        name: lambda name=name: getattr(metrics, name)(NOTHING, NO_LABELS)
        for name in ("ece", "mce", "classwise_ece", "brier", "nll")
    },
    "brier_decomposition": lambda: torch.stack(list(vars(metrics.brier_decomposition(NOTHING, NO_LABELS)).values())),
    "reliability_bins": lambda: metrics.reliability_bins(NOTHING, NO_LABELS).accuracy,
    **{
        name: lambda name=name: getattr(metrics, name)(NO_PIXELS)
        for name in metrics.__all__
        if name.endswith(("_iou", "_accuracy", "_dice"))
    },
    "boundary_f": lambda: metrics.boundary_f(NO_PIXELS, NO_PIXELS, 2, 1.0),
    "mean_best_overlap": lambda: metrics.mean_best_overlap(BOX, NO_BOX),
    "recall": lambda: metrics.recall(BOX, NO_BOX),
    "voc_ap": lambda: metrics.voc_ap(DETECTIONS, NO_TRUTHS),
    "voc_ap_per_class": lambda: metrics.voc_ap_per_class(DETECTIONS, NO_TRUTHS)[1],
    "precision_recall": lambda: metrics.precision_recall(DETECTIONS, NO_TRUTHS).recall,
    "seed_scores": lambda: metrics.seed_scores([0.5]).interval,
    "bootstrap_interval": lambda: metrics.bootstrap_interval(lambda draw: float("nan"), 3, samples=5),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_undefined_is_nan(name):
    value = np.asarray(UNDEFINED[name]())
    assert value.size
    assert np.isnan(value).all()


def test_coco_keeps_its_minus_one():
    assert set(metrics.coco_evaluate(DETECTIONS, NO_TRUTHS).values()) == {-1}
