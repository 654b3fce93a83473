"""A small call of every public function that takes arrays: its arrays by name, and how it is called with them.

Floating numbers are exact in half precision, so that each type holds the same ones.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import nn

from seeing import calibration, fairness, metrics, ops
from seeing.arrays import as_tensor
from seeing.fairness import word_embeddings


class Case(NamedTuple):
    """One call."""

    call: Callable[..., Any]
    arrays: dict[str, np.ndarray]


BOXES = np.array([[0, 0, 8, 8], [1, 1, 9, 9], [20, 20, 30, 28], [2, 0, 6, 12]], np.float64)
OTHERS = np.array([[0, 2, 8, 10], [21, 20, 30, 28]], np.float64)
SCORES = np.array([0.5, 0.75, 0.25, 0.875])
LABELS = np.array([0, 1, 0, 1])
IMAGE = ((np.arange(2 * 3 * 8 * 8).reshape(2, 3, 8, 8) * 37) % 64) / 64.0
LOGITS = ((np.arange(12).reshape(4, 3) * 5) % 7) / 4.0
CLASSES = np.array([0, 2, 1, 2])
CHANCES = np.array([[0.5, 0.25, 0.25], [0.125, 0.625, 0.25], [0.25, 0.25, 0.5], [0.75, 0.125, 0.125]])
YES = np.array([0.5, 0.75, 0.25, 0.875, 0.125, 0.625, 0.375, 1.0])
BINARY = np.array([0, 1, 0, 1, 1, 0, 0, 1])
DECIDED = np.array([0, 1, 1, 1, 0, 0, 0, 1])
GROUP = np.array([0, 0, 0, 0, 1, 1, 1, 1])
POINTS = ((np.arange(16).reshape(8, 2) * 5) % 13) / 8.0
PLACES = np.tile(np.arange(16).reshape(4, 4), (2, 3, 1, 1))
MAPS = {"prediction": np.array([[0, 1, 2], [1, 1, 0]]), "target": np.array([[0, 1, 1], [255, 1, 0]])}
MASKS = np.zeros((4, 12, 12))
for place, (x1, y1, x2, y2) in enumerate([(0, 0, 4, 4), (1, 1, 5, 5), (6, 6, 10, 11), (2, 0, 3, 9)]):
    MASKS[place, y1:y2, x1:x2] = 1
MATRIX = np.array([[5, 1, 0], [2, 7, 1], [0, 0, 3]])
RATES = np.array([[0.5, 0.25, 0.75], [1.0, 0.5, 0.25]])
ROI_TABLE = np.concatenate([np.array([[0], [1], [0], [1]], float), BOXES / 4], axis=1)
CALIBRATED = {"probabilities": CHANCES, "labels": CLASSES}
CERTAIN = {"probabilities": YES, "labels": BINARY}
IN_GROUPS = {"y_true": BINARY, "y_pred": DECIDED, "sensitive_features": GROUP}
SCORED = {"y_true": BINARY, "scores": YES, "sensitive_features": GROUP}
WEIGHT = {"sample_weight": np.array([1.0, 2, 1, 1, 0.5, 1, 1, 2])}
BOTH_BOXES = {"boxes1": BOXES, "boxes2": OTHERS}
PAIRED = {"boxes1": BOXES, "boxes2": BOXES[::-1].copy()}
SAMPLES = {"x": POINTS, "y": POINTS[:5] + 0.5}


def on(function: Callable[..., Any], arrays: dict[str, np.ndarray], *fixed: Any, **named: Any) -> Case:
    """A call with the arrays by name, or in front of what is fixed."""
    return Case(lambda **given: function(*given.values(), *fixed, **named), arrays)


def named(function: Callable[..., Any], arrays: dict[str, np.ndarray], **fixed: Any) -> Case:
    """A call with everything by name."""
    return Case(lambda **given: function(**given, **fixed), arrays)


class Doubled(nn.Module):
    """A network of the caller's, which takes pictures of any type."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.double()


def adapted(images: Any) -> torch.Tensor:
    norm = nn.BatchNorm2d(3).double()
    fairness.adapt_batch_norm(nn.Sequential(Doubled(), norm), images)
    return norm.running_mean


def records(boxes: Any, scores: Any, labels: Any, truth: Any, found: Any, **more: Any) -> tuple[list, list]:
    return [{"boxes": boxes, "scores": scores, "labels": labels}], [{"boxes": truth, "labels": found, **more}]


def rows_of(values: Any, count: int) -> list:
    """What each record of a list gets: a row of these, or, where there are not as many rows, the thing itself."""
    values = values.to_numpy() if isinstance(values, pd.DataFrame) else values
    try:
        rows = list(values)
    except TypeError:
        return [values] * count
    return rows if len(rows) == count and not isinstance(values, dict) else [values] * count


def embedding(vectors: Any) -> dict[str, Any]:
    return dict(zip(MAPPING, rows_of(vectors, len(MAPPING)), strict=True))


def results_of_a_file(boxes: Any, scores: Any, truth: Any) -> metrics.CocoResult:
    """Loaded lists whose rows are whatever rows of the input are."""
    boxes, scores, truth = rows_of(boxes, 4), rows_of(scores, 4), rows_of(truth, 2)
    data = {
        "images": [{"id": 1}],
        "categories": [{"id": 1}],
        "annotations": [{"id": n + 1, "image_id": 1, "category_id": 1, "bbox": row} for n, row in enumerate(truth)],
    }
    rows = zip(boxes, scores, strict=True)
    return metrics.coco_evaluate([{"image_id": 1, "category_id": 1, "bbox": b, "score": s} for b, s in rows], data)


SLOTS = np.array([[True, False]])
DETECTED = {"boxes": BOXES, "scores": SCORES, "labels": LABELS, "truth": OTHERS, "found": np.array([1, 0])}

OPS = {
    "balanced_sample": on(
        lambda m: ops.balanced_sample(m, 2, 0.5, torch.Generator().manual_seed(0)), {"matches": LABELS - 1}
    ),
    "batched_detections": on(
        ops.batched_detections,
        {"boxes": BOXES, "scores": SCORES, "labels": LABELS, "images": LABELS[::-1].copy()},
        2,
    ),
    "batched_ignore_regions": on(
        ops.batched_ignore_regions,
        {"matches": LABELS[None] - 1, "anchors": BOXES, "boxes": OTHERS[None], "crowd": SLOTS},
    ),
    "batched_match_argmax": on(
        ops.batched_match_argmax, {"boxes": OTHERS[None], "real": SLOTS, "anchors": BOXES}, 0.5, 0.25
    ),
    "batched_match_ssd": on(ops.batched_match_ssd, {"boxes": OTHERS[None], "real": SLOTS, "anchors": BOXES}, 0.25),
    "batched_nms": on(ops.batched_nms, {"boxes": BOXES, "scores": SCORES, "idxs": LABELS}, 0.5),
    "best_candidates": on(ops.best_candidates, {"scores": CHANCES}, 0.125, most_per_class=2, background=True),
    "best_candidates, in all": on(ops.best_candidates, {"scores": CHANCES}, 0.125, most=5),
    "best_detections": on(ops.best_detections, {"boxes": BOXES, "scores": SCORES, "labels": LABELS}, 0.5, 3),
    "box_area": on(ops.box_area, {"boxes": BOXES}),
    "box_convert": on(ops.box_convert, {"boxes": BOXES}, "xyxy", "cxcywh"),
    "box_iou": on(ops.box_iou, BOTH_BOXES),
    "box_iou_loss": on(ops.box_iou_loss, PAIRED),
    "clip_boxes_to_image": on(ops.clip_boxes_to_image, {"boxes": BOXES}, (10, 24)),
    "complete_box_iou": on(ops.complete_box_iou, BOTH_BOXES),
    "complete_box_iou_loss": on(ops.complete_box_iou_loss, PAIRED),
    "conv2d": on(ops.conv2d, {"x": IMAGE, "weight": IMAGE[:, :, :3, :3], "bias": np.array([0.5, 1])}),
    "conv_transpose2d": on(ops.conv_transpose2d, {"x": IMAGE, "weight": IMAGE[0, :, None, :3, :3]}),
    "crop_masks": on(ops.crop_masks, {"masks": MASKS, "boxes": BOXES / 4}, 5),
    "crop_masks, some": on(ops.crop_masks, {"masks": MASKS, "boxes": BOXES[:3] / 4}, 5, torch.tensor([0, 0, 3])),
    "cross_entropy": on(ops.cross_entropy, {"input": LOGITS, "target": CLASSES, "weight": np.array([1.0, 2, 0.5])}),
    "cxcywh_to_xyxy": on(ops.cxcywh_to_xyxy, {"boxes": BOXES}),
    "decode_boxes": on(ops.decode_boxes, {"deltas": LOGITS[:, [0, 1, 2, 0]] / 4, "anchors": BOXES}),
    "decode_ltrb": on(ops.decode_ltrb, {"distances": BOXES, "points": BOXES[:, :2]}),
    "dice_loss": on(ops.dice_loss, {"input": IMAGE[:, :1], "target": (IMAGE[:, 0] > 0.5).astype(int)}),
    "distance_box_iou": on(ops.distance_box_iou, BOTH_BOXES),
    "distance_box_iou_loss": on(ops.distance_box_iou_loss, PAIRED),
    "encode_boxes": on(ops.encode_boxes, {"reference_boxes": BOXES, "anchors": BOXES[::-1].copy()}),
    "encode_ltrb": on(ops.encode_ltrb, {"boxes": BOXES, "points": BOXES[:, :2] + 1}),
    "felzenszwalb": on(ops.felzenszwalb, {"image": IMAGE[0]}, 1.0, 0.5, 4),
    "fpn_levels": on(ops.fpn_levels, {"boxes": BOXES * 16}, 2, 5),
    "generalized_box_iou": on(ops.generalized_box_iou, BOTH_BOXES),
    "generalized_box_iou_loss": on(ops.generalized_box_iou_loss, PAIRED),
    "grouping": on(ops.grouping, {"labels": np.arange(64).reshape(8, 8) // 16, "image": IMAGE[0]}),
    "hard_negative_mining": on(ops.hard_negative_mining, {"loss": SCORES, "positive": LABELS == 1}, 1.0),
    "ignore_regions": on(ops.ignore_regions, {"matches": LABELS - 1, "anchors": BOXES, "regions": OTHERS}),
    "masks_to_boxes": on(ops.masks_to_boxes, {"masks": MASKS}),
    "match_argmax": on(ops.match_argmax, {"iou": RATES}, 0.5, 0.25),
    "match_atss": Case(lambda a, b: ops.match_atss([a], b, 2), {"a": BOXES, "b": OTHERS}),
    "match_fcos": Case(lambda p, b: ops.match_fcos([p], b, [8], [(0, 64)]), {"p": BOXES[:, :2] + 3, "b": OTHERS}),
    "match_rpn": on(ops.match_rpn, {"iou": RATES}),
    "match_ssd": on(ops.match_ssd, {"iou": RATES}),
    "matrix_nms": on(ops.matrix_nms, {"regions": BOXES, "scores": SCORES, "idxs": LABELS}),
    "max_pool2d_with_indices": on(ops.max_pool2d_with_indices, {"x": IMAGE}, 2),
    "max_unpool2d": on(
        ops.max_unpool2d, {"x": IMAGE[:, :, :4, :4], "indices": np.tile(np.arange(16).reshape(4, 4), (2, 3, 1, 1))}, 2
    ),
    "multiscale_roi_align": Case(
        lambda f, b: ops.multiscale_roi_align([f], [b, b], [(8, 8)] * 2, 2), {"f": IMAGE, "b": BOXES / 4}
    ),
    "nms": on(ops.nms, {"boxes": BOXES, "scores": SCORES}, 0.5),
    "paste_masks_in_image": on(
        ops.paste_masks_in_image, {"masks": IMAGE.reshape(6, 1, 8, 8)[:4], "boxes": BOXES}, (16, 32)
    ),
    "remove_small_boxes": on(ops.remove_small_boxes, {"boxes": BOXES}, 6),
    "rgb_to_hsv": on(ops.rgb_to_hsv, {"image": IMAGE}),
    "rgb_to_lab": on(ops.rgb_to_lab, {"image": IMAGE}),
    "roi_align": on(ops.roi_align, {"input": IMAGE, "boxes": ROI_TABLE}, 2),
    "roi_align, a list": Case(lambda i, b: ops.roi_align(i, [b, b], 2), {"i": IMAGE, "b": BOXES / 4}),
    "roi_pool": on(ops.roi_pool, {"input": IMAGE, "boxes": ROI_TABLE}, 2),
    "roi_pool, a list": Case(lambda i, b: ops.roi_pool(i, [b, b], 2), {"i": IMAGE, "b": BOXES / 4}),
    "selective_search": on(ops.selective_search, {"image": IMAGE[0]}, 1.0, 0.5, 4),
    "shift_and_stitch": Case(
        lambda image: ops.shift_and_stitch(lambda x: x[:, :, ::2, ::2], image, 2), {"image": IMAGE}
    ),
    "sigmoid_focal_loss": on(ops.sigmoid_focal_loss, {"inputs": LOGITS, "targets": (LOGITS > 1).astype(float)}),
    "smooth_l1_loss": on(ops.smooth_l1_loss, {"input": LOGITS, "target": LOGITS[::-1].copy()}),
    "soft_nms": on(ops.soft_nms, {"boxes": BOXES, "scores": SCORES}),
    "softmax_focal_loss": on(ops.softmax_focal_loss, {"inputs": LOGITS, "targets": CLASSES}),
    "ssd_postprocess": on(
        ops.ssd_postprocess,
        {"class_logits": LOGITS[None], "box_deltas": LOGITS[None][:, :, [0, 1, 2, 0]] / 4, "anchors": BOXES},
        (32, 32),
    ),
    "xywh_to_xyxy": on(ops.xywh_to_xyxy, {"boxes": BOXES}),
    "xyxy_to_cxcywh": on(ops.xyxy_to_cxcywh, {"boxes": BOXES}),
    "xyxy_to_xywh": on(ops.xyxy_to_xywh, {"boxes": BOXES}),
}


def updated(metric: Any, *given: Any) -> Any:
    metric.update(*given)
    return metric.compute()


def coco_arrays(box: Any, score: Any, label: Any, truth_box: Any, truth_label: Any) -> metrics.CocoResult:
    arrays = metrics.DetectionArrays(
        np.zeros(4, int), label, score, box, np.zeros(2, int), truth_label, truth_box, images=1
    )
    return metrics.coco_evaluate_arrays(arrays)


def fitted(name: str, s: Any, y: Any, w: Any) -> torch.Tensor:
    return getattr(calibration, name)(s, y, sample_weight=w)(s)


METRICS = {
    "BoundaryMetrics": Case(lambda **a: updated(metrics.BoundaryMetrics(3, 1.0), *a.values()), MAPS),
    "CalibrationMetrics": Case(lambda **a: updated(metrics.CalibrationMetrics(), *a.values()), CALIBRATED),
    "CocoCriteria": on(metrics.CocoCriteria, {"iou_thresholds": np.array([0.5, 0.75])}),
    "CocoMetrics": Case(lambda **a: updated(metrics.CocoMetrics(), *records(**a)), DETECTED),
    "DetectionArrays": on(
        coco_arrays,
        {"box": BOXES, "score": SCORES, "label": LABELS, "truth_box": OTHERS, "truth_label": np.array([1, 0])},
    ),
    "MaskRuns": Case(lambda m: metrics.MaskRuns.encode(m).boxes(), {"m": MASKS}),
    "SegmentationMetrics": Case(lambda **a: updated(metrics.SegmentationMetrics(3), *a.values()), MAPS),
    "VocMetrics": Case(lambda **a: updated(metrics.VocMetrics(), *records(**a)), DETECTED),
    "best_overlaps": on(metrics.best_overlaps, {"proposals": BOXES, "boxes": OTHERS}),
    "boundary_f": on(metrics.boundary_f, MAPS, 3, 1.0),
    "brier": on(metrics.brier, CALIBRATED),
    "brier, binary": on(metrics.brier, CERTAIN),
    "brier_decomposition": on(metrics.brier_decomposition, CERTAIN),
    **{
        name: on(getattr(metrics, name), {"matrix": MATRIX})
        for name in [
            "class_accuracy",
            "class_dice",
            "class_iou",
            "frequency_weighted_iou",
            "mean_accuracy",
            "mean_dice",
            "mean_iou",
            "pixel_accuracy",
        ]
    },
    "classwise_ece": on(metrics.classwise_ece, CALIBRATED),
    "coco_evaluate": Case(lambda **a: metrics.coco_evaluate(*records(**a)), DETECTED),
    "coco_evaluate, crowds": Case(
        lambda **a: metrics.coco_evaluate(*records(**a)),
        {**DETECTED, "iscrowd": np.array([0, 1]), "area": np.array([64.0, 72])},
    ),
    "coco_evaluate, masks": Case(
        lambda m, s: metrics.coco_evaluate([{"masks": m, "scores": s}], [{"masks": m}], "segm"),
        {"m": MASKS.astype(int), "s": SCORES},
    ),
    "coco_evaluate, a file": on(results_of_a_file, {"boxes": BOXES, "scores": SCORES, "truth": OTHERS}),
    "confusion_matrix": on(metrics.confusion_matrix, MAPS, 3),
    "ece": on(metrics.ece, CALIBRATED),
    "ece, binary": on(metrics.ece, CERTAIN),
    "ece, adaptive": on(metrics.ece, CALIBRATED, 3, "adaptive"),
    "mce": on(metrics.mce, CALIBRATED),
    "mean_best_overlap": on(metrics.mean_best_overlap, {"proposals": BOXES, "boxes": OTHERS}),
    "mean_best_overlap, a list": Case(
        lambda p, b: metrics.mean_best_overlap([p, p], [b, b]), {"p": BOXES, "b": OTHERS}
    ),
    "nll": on(metrics.nll, CALIBRATED),
    "precision_recall": Case(lambda **a: metrics.precision_recall(*records(**a)), DETECTED),
    "recall": on(metrics.recall, {"proposals": BOXES, "boxes": OTHERS}),
    "reliability_bins": on(metrics.reliability_bins, CERTAIN),
    "seed_scores": on(metrics.seed_scores, {"values": SCORES}),
    "voc_ap": Case(lambda **a: metrics.voc_ap(*records(**a)), DETECTED),
    "voc_ap, difficult": Case(lambda **a: metrics.voc_ap(*records(**a)), {**DETECTED, "difficult": np.array([0, 1])}),
    "voc_ap_per_class": Case(lambda **a: metrics.voc_ap_per_class(*records(**a)), DETECTED),
}

CALIBRATION = {
    "GroupCalibration": Case(
        lambda s, y, g: calibration.fit_by_group(calibration.fit_platt, s, y, sensitive_features=g)(
            s, sensitive_features=g
        ),
        {"s": YES, "y": BINARY, "g": GROUP},
    ),
    "fit_by_group": Case(
        lambda s, y, g: calibration.fit_by_group(calibration.fit_isotonic, s, y, sensitive_features=g)(
            [0.25, 0.5], sensitive_features=[0, 1]
        ),
        {"s": YES, "y": BINARY, "g": GROUP},
    ),
    **{
        name: Case(
            partial(fitted, name),
            {"s": YES, "y": BINARY, "w": WEIGHT["sample_weight"]},
        )
        for name in ("fit_histogram", "fit_isotonic", "fit_platt", "fit_temperature")
    },
}

COUNTED = ["demographic_parity", "equal_opportunity", "equalized_odds", "predictive_parity"]


FITS = "demographic_parity equal_opportunity equalized_odds maximum_profit predictive_equality single_threshold"


def rule_of(name: str, y_true: Any, scores: Any, sensitive_features: Any) -> Any:
    rule = getattr(fairness, name)(fairness.count_scores(y_true, scores, sensitive_features=sensitive_features))
    return rule.probabilities(scores, sensitive_features=sensitive_features)


def agreement(y_true: Any, y_pred: Any, weight: Any = None) -> torch.Tensor:
    """A user's metric, made of functions of the library."""
    weights = torch.ones(len(y_true)) if weight is None else as_tensor(weight, "weight")
    return metrics.pixel_accuracy(metrics.confusion_matrix(y_pred, y_true, 2)) * weights.double().mean()


FAIRNESS = {
    "AcceptanceRule": Case(
        lambda y, s, g: fairness.fit_equalized_odds(fairness.count_scores(y, s, sensitive_features=g)).predict(
            s, sensitive_features=g, seed=1, ids=g
        ),
        {"y": BINARY, "s": YES, "g": GROUP},
    ),
    "AcceptanceSteps": Case(lambda s: fairness.AcceptanceSteps((0.5,), (0.0, 1.0))(s), {"s": YES}),
    "Camera": Case(
        lambda images: fairness.Camera.random(2, torch.Generator().manual_seed(0)).take(images), {"images": IMAGE}
    ),
    "GroupCounts": on(lambda t: fairness.GroupCounts.from_table(["a"], t).table, {"table": MATRIX[None, :2, :2]}),
    "LinearEraser": Case(
        lambda r, g: fairness.fit_linear_eraser(r, sensitive_features=g)(r), {"r": POINTS, "g": GROUP}
    ),
    "RandomFourierFeatures": Case(
        lambda p: fairness.random_fourier_features(2, 1.0, features=4, like=as_tensor(p))(p),
        {"p": POINTS},
    ),
    "ScoreCounts": on(fairness.ScoreCounts, {"scores": np.sort(YES), "negatives": YES, "positives": YES[::-1].copy()}),
    "adapt_batch_norm": on(adapted, {"images": IMAGE}),
    "average_absolute_odds_difference": named(fairness.average_absolute_odds_difference, IN_GROUPS),
    "binary_features": Case(lambda c: fairness.binary_features({"c": c})[0], {"c": YES}),
    "calibration_within_groups": named(
        fairness.calibration_within_groups, {"y_true": BINARY, "y_prob": YES, "sensitive_features": GROUP}
    ),
    "compas_as_race": Case(
        lambda d: fairness.compas_as_race(
            ["Asian", "African-American", "Hispanic", "Native American", "Other"], d, "Asian"
        ),
        {"d": np.ones((3, 5))},
    ),
    "consistency": on(fairness.consistency, {"features": POINTS, "predictions": YES}, neighbours=2),
    "count_scores": named(fairness.count_scores, {**SCORED, **WEIGHT}),
    **{
        f"{name}_{kind}": named(getattr(fairness, f"{name}_{kind}"), {**IN_GROUPS, **WEIGHT})
        for name in COUNTED
        for kind in ("difference", "ratio")
    },
    "expected_risk": on(fairness.expected_risk, {"probabilities": CHANCES, "loss": RATES}),
    "find_groups": on(fairness.find_groups, {"sensitive_features": GROUP}),
    **{f"fit_{name}": Case(partial(rule_of, f"fit_{name}"), SCORED) for name in FITS.split()},
    "fit_linear_eraser": Case(
        lambda r, g: fairness.fit_linear_eraser(r, sensitive_features=g).shared, {"r": POINTS, "g": GROUP}
    ),
    "fit_logistic": on(
        fairness.fit_logistic, {"design": np.stack([np.ones(8), YES], 1), "outcome": BINARY.astype(float)}
    ),
    "gaussian_kernel": on(fairness.gaussian_kernel, SAMPLES, 1.0),
    "gaussian_kl": on(fairness.gaussian_kl, {"mean": POINTS, "log_variance": POINTS / 4, "prior_mean": POINTS / 2}),
    "group_counts": named(fairness.group_counts, {**IN_GROUPS, **WEIGHT}),
    "group_metrics": named(fairness.group_metrics, IN_GROUPS),
    "group_mmd": on(fairness.group_mmd, {"z": POINTS, "s": GROUP}),
    "implied_false_positive_rate": on(
        fairness.implied_false_positive_rate,
        {"base_rate": RATES / 2, "positive_predictive_value": RATES, "false_negative_rate": RATES / 2},
    ),
    "indifference_threshold": on(fairness.indifference_threshold, {"loss": np.array([[0.0, 1], [5, 0]])}),
    "intersectional_audit": named(
        fairness.intersectional_audit, {"errors": BINARY, "sensitive_features": GROUP, "cases": BINARY + 1}
    ),
    "judge_screen": Case(lambda s: fairness.judge_screen(fairness.simulate_hiring(8), s), {"s": YES}),
    "leakage_curve": Case(
        lambda z, y, g: fairness.leakage_curve(
            lambda *_: z, [1.0], [0], y_true=y, sensitive_features=g, probes=["linear"], folds=2
        ),
        {"z": POINTS, "y": BINARY, "g": GROUP},
    ),
    "lipschitz_violations": on(fairness.lipschitz_violations, {"features": POINTS, "predictions": YES}),
    "max_difference": on(fairness.max_difference, {"rates": RATES, "overall": np.array([0.5, 0.25])}),
    "mean_difference": on(fairness.mean_difference, {"rates": RATES}),
    "median_bandwidth": on(fairness.median_bandwidth, SAMPLES),
    "min_ratio": on(fairness.min_ratio, {"rates": RATES, "overall": np.array([0.5, 0.25])}),
    "metric_by_group": named(partial(fairness.metric_by_group, agreement, samples=3), IN_GROUPS),
    "metric_by_group, weighted": Case(
        lambda weight, **given: fairness.metric_by_group(
            agreement, **given, sample_params={"weight": weight}, samples=3
        ),
        {**IN_GROUPS, "weight": WEIGHT["sample_weight"]},
    ),
    "mmd_p_value": on(fairness.mmd_p_value, SAMPLES, permutations=9),
    "mmd_squared": on(fairness.mmd_squared, SAMPLES),
    "mmd_squared_fourier": Case(
        lambda x, y: fairness.mmd_squared_fourier(
            x, y, fairness.random_fourier_features(2, 1.0, features=4, like=as_tensor(y))
        ),
        SAMPLES,
    ),
    "operating_point": named(fairness.operating_point, {"y_true": BINARY, "scores": YES}, sensitivity=0.5),
    "optimal_action": on(fairness.optimal_action, {"probabilities": CHANCES, "loss": RATES}),
    "outcomes_by_score": named(fairness.outcomes_by_score, SCORED),
    "probe": Case(
        lambda z, g: fairness.probe(z, sensitive_features=g, probes=["linear"], folds=2), {"z": POINTS, "g": GROUP}
    ),
    "proxies": Case(
        lambda f, g: fairness.proxies({"f": f}, sensitive_features=g, model="linear", folds=2), {"f": YES, "g": GROUP}
    ),
    "reject_option": on(fairness.reject_option, {"probabilities": CHANCES, "loss": RATES}, 0.25),
    "rescale_to_operating_point": on(
        fairness.rescale_to_operating_point, {"scores": CHANCES, "points": np.array([0.25, 0.5, 0.75])}
    ),
    "reverse_gradient": on(fairness.reverse_gradient, {"points": POINTS}),
    "reweighing": named(fairness.reweighing, {"y_true": BINARY, "sensitive_features": GROUP, **WEIGHT}),
    "signed_difference": on(fairness.signed_difference, {"rates": RATES}, 0),
    "signed_ratio": on(fairness.signed_ratio, {"rates": RATES}, 0),
    "standardise_colours": on(fairness.standardise_colours, {"images": IMAGE}),
    "threshold_rule": named(fairness.threshold_rule, {"values": YES, "sensitive_features": GROUP}),
    "train_screen": Case(
        lambda f, y, w: fairness.train_screen(f, y, weights=w).weight,
        {"f": POINTS, "y": BINARY, "w": WEIGHT["sample_weight"]},
    ),
    "undo_rescaling": on(fairness.undo_rescaling, {"rescaled": CHANCES, "points": np.array([0.25, 0.5, 0.75])}),
    "uniform_draws": Case(lambda ids: fairness.uniform_draws(1, ids), {"ids": CLASSES}),
    "wilson_interval": on(fairness.wilson_interval, {"successes": BINARY, "trials": BINARY + 2}),
}
PAIRS = POINTS.reshape(4, 2, 2)[:, :, [0, 1, 0]] + np.array([1, 0.5, 2])
TARGETS = {"x": POINTS[:3] + 1, "y": POINTS[3:6] + 1, "a": POINTS[2:5] + 1, "b": POINTS[5:] + 1}
LEANING = {"words": TARGETS["x"], "a": TARGETS["a"], "b": TARGETS["b"]}
DIRECTION = np.array([0.5, 0.25, 1])
MAPPING = ("she", "he", "nurse", "doctor")

WORDS = {
    "analogy": Case(lambda v: word_embeddings.analogy(embedding(v), "he", "she", "doctor"), {"v": PAIRS[:, 0]}),
    "association": on(word_embeddings.association, LEANING),
    "bias_direction": on(word_embeddings.bias_direction, {"pairs": PAIRS}),
    "bias_subspace": on(word_embeddings.bias_subspace, {"sets": PAIRS}),
    "direct_bias": on(word_embeddings.direct_bias, {"vectors": PAIRS[:, 0], "direction": DIRECTION}),
    "equalise": on(word_embeddings.equalise, {"sets": PAIRS, "direction": DIRECTION}),
    "explained_variance": on(word_embeddings.explained_variance, {"sets": PAIRS}),
    "hard_debias": Case(
        lambda v, d: word_embeddings.hard_debias(embedding(v), d).vectors,
        {"v": PAIRS[:, 0], "d": DIRECTION},
    ),
    "look_up": Case(lambda v: word_embeddings.look_up(embedding(v), ["he"]), {"v": PAIRS[:, 0]}),
    "neutralise": on(word_embeddings.neutralise, {"vectors": PAIRS, "direction": DIRECTION}),
    "neutralise, a subspace": on(word_embeddings.neutralise, {"vectors": PAIRS, "direction": np.eye(3)[:2]}),
    "permutation_test": on(word_embeddings.permutation_test, {"first": YES[:4], "second": YES[4:]}),
    "weat": on(word_embeddings.weat, TARGETS),
    "wefat": on(word_embeddings.wefat, LEANING),
    "wefat_p_values": on(word_embeddings.wefat_p_values, LEANING),
}
