"""Metrics of segmentation, detection and calibration: each accumulates over batches and merges across processes.

Tensors, arrays of numpy, Series and nested lists are all welcome: `seeing.arrays` says what each becomes. What is no
plain number is a tensor again, whatever came in.
"""

from seeing.metrics.bootstrap import Interval, bootstrap_interval
from seeing.metrics.boundary import BoundaryMetrics, boundary_f
from seeing.metrics.brier import BrierDecomposition, brier, brier_decomposition
from seeing.metrics.calibration import classwise_ece, ece, mce
from seeing.metrics.calibration_metrics import CalibrationMetrics
from seeing.metrics.coco.criteria import CocoCriteria
from seeing.metrics.coco.evaluate import CocoResult, coco_evaluate, coco_evaluate_arrays
from seeing.metrics.coco.lost_truth import LostTruthWarning
from seeing.metrics.coco.mask_runs import MaskRuns
from seeing.metrics.coco.streaming import CocoMetrics
from seeing.metrics.confusion import confusion_matrix
from seeing.metrics.detection_arrays import DetectionArrays
from seeing.metrics.distributed import merge_across_processes
from seeing.metrics.likelihood import nll
from seeing.metrics.proposals import best_overlaps, mean_best_overlap, recall
from seeing.metrics.reliability import ReliabilityBins, reliability_bins
from seeing.metrics.seeds import SeedScores, seed_scores
from seeing.metrics.segmentation import (
    class_accuracy,
    class_dice,
    class_iou,
    frequency_weighted_iou,
    mean_accuracy,
    mean_dice,
    mean_iou,
    pixel_accuracy,
)
from seeing.metrics.segmentation_metrics import SegmentationMetrics
from seeing.metrics.voc_ap import PrecisionRecall, VocMetrics, precision_recall, voc_ap, voc_ap_per_class
from seeing.moved import moved_names

__all__ = [
    "BoundaryMetrics",
    "BrierDecomposition",
    "CalibrationMetrics",
    "CocoCriteria",
    "CocoMetrics",
    "CocoResult",
    "DetectionArrays",
    "Interval",
    "LostTruthWarning",
    "MaskRuns",
    "PrecisionRecall",
    "ReliabilityBins",
    "SeedScores",
    "SegmentationMetrics",
    "VocMetrics",
    "best_overlaps",
    "bootstrap_interval",
    "boundary_f",
    "brier",
    "brier_decomposition",
    "class_accuracy",
    "class_dice",
    "class_iou",
    "classwise_ece",
    "coco_evaluate",
    "coco_evaluate_arrays",
    "confusion_matrix",
    "ece",
    "frequency_weighted_iou",
    "mce",
    "mean_accuracy",
    "mean_best_overlap",
    "mean_dice",
    "mean_iou",
    "merge_across_processes",
    "nll",
    "pixel_accuracy",
    "precision_recall",
    "recall",
    "reliability_bins",
    "seed_scores",
    "voc_ap",
    "voc_ap_per_class",
]

__getattr__ = moved_names(
    "seeing.metrics",
    dict.fromkeys(
        (
            "GroupCalibration",
            "HistogramBinning",
            "IsotonicCalibration",
            "PlattScaling",
            "TemperatureScaling",
            "fit_by_group",
            "fit_histogram",
            "fit_isotonic",
            "fit_platt",
            "fit_temperature",
        ),
        "seeing.calibration",
    ),
)
