"""Operations on images and feature maps, named and ordered as torch and torchvision have them.

Where a tensor is asked for, an array of numpy, a Series or a nested list of numbers will do: `seeing.arrays` says what
each becomes. The answers are tensors, whatever came in; `numpy.asarray` reads one without a copy.
"""

from seeing.ops.anchors import grid_anchors, grid_centers, pyramid_anchors
from seeing.ops.assign_points import match_atss, match_fcos
from seeing.ops.batched_matching import batched_ignore_regions, batched_match_argmax, batched_match_ssd
from seeing.ops.best_candidates import Candidates, best_candidates
from seeing.ops.best_detections import batched_detections, best_detections
from seeing.ops.box_coding import decode_boxes, decode_ltrb, encode_boxes, encode_ltrb
from seeing.ops.boxes import (
    box_area,
    box_convert,
    clip_boxes_to_image,
    cxcywh_to_xyxy,
    remove_small_boxes,
    xywh_to_xyxy,
    xyxy_to_cxcywh,
    xyxy_to_xywh,
)
from seeing.ops.colour import rgb_to_hsv, rgb_to_lab
from seeing.ops.convolution import bilinear_kernel, conv2d, conv_transpose2d, linear_to_conv
from seeing.ops.cross_entropy import cross_entropy
from seeing.ops.default_boxes import ssd_default_boxes
from seeing.ops.dice import dice_loss
from seeing.ops.focal import sigmoid_focal_loss, softmax_focal_loss
from seeing.ops.grouping import MergeTree, grouping
from seeing.ops.iou import box_iou, complete_box_iou, distance_box_iou, generalized_box_iou
from seeing.ops.iou_losses import box_iou_loss, complete_box_iou_loss, distance_box_iou_loss, generalized_box_iou_loss
from seeing.ops.masks import crop_masks, masks_to_boxes, paste_masks_in_image
from seeing.ops.matching import ignore_regions, match_argmax, match_rpn, match_ssd
from seeing.ops.matrix_nms import matrix_nms
from seeing.ops.multiscale_roi_align import fpn_levels, multiscale_roi_align
from seeing.ops.nms import batched_nms, nms
from seeing.ops.pooling import max_pool2d_with_indices, max_unpool2d
from seeing.ops.postprocess import ssd_postprocess
from seeing.ops.receptive_field import ReceptiveField, receptive_field
from seeing.ops.roi_align import roi_align
from seeing.ops.roi_pool import roi_pool
from seeing.ops.sampling import balanced_sample, hard_negative_mining
from seeing.ops.selective_search import selective_search
from seeing.ops.shift_and_stitch import shift_and_stitch
from seeing.ops.smooth_l1 import smooth_l1_loss
from seeing.ops.soft_nms import soft_nms
from seeing.ops.superpixels import felzenszwalb
from seeing.ops.window import conv_output_size, conv_transpose_output_size

__all__ = [
    "Candidates",
    "MergeTree",
    "ReceptiveField",
    "balanced_sample",
    "batched_detections",
    "batched_ignore_regions",
    "batched_match_argmax",
    "batched_match_ssd",
    "batched_nms",
    "best_candidates",
    "best_detections",
    "bilinear_kernel",
    "box_area",
    "box_convert",
    "box_iou",
    "box_iou_loss",
    "clip_boxes_to_image",
    "complete_box_iou",
    "complete_box_iou_loss",
    "conv2d",
    "conv_output_size",
    "conv_transpose2d",
    "conv_transpose_output_size",
    "crop_masks",
    "cross_entropy",
    "cxcywh_to_xyxy",
    "decode_boxes",
    "decode_ltrb",
    "dice_loss",
    "distance_box_iou",
    "distance_box_iou_loss",
    "encode_boxes",
    "encode_ltrb",
    "felzenszwalb",
    "fpn_levels",
    "generalized_box_iou",
    "generalized_box_iou_loss",
    "grid_anchors",
    "grid_centers",
    "grouping",
    "hard_negative_mining",
    "ignore_regions",
    "linear_to_conv",
    "masks_to_boxes",
    "match_argmax",
    "match_atss",
    "match_fcos",
    "match_rpn",
    "match_ssd",
    "matrix_nms",
    "max_pool2d_with_indices",
    "max_unpool2d",
    "multiscale_roi_align",
    "nms",
    "paste_masks_in_image",
    "pyramid_anchors",
    "receptive_field",
    "remove_small_boxes",
    "rgb_to_hsv",
    "rgb_to_lab",
    "roi_align",
    "roi_pool",
    "selective_search",
    "shift_and_stitch",
    "sigmoid_focal_loss",
    "smooth_l1_loss",
    "soft_nms",
    "softmax_focal_loss",
    "ssd_default_boxes",
    "ssd_postprocess",
    "xywh_to_xyxy",
    "xyxy_to_cxcywh",
    "xyxy_to_xywh",
]
