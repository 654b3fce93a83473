"""What is known about an image, in one form: torchvision's dictionaries, with the crowd and area rules of COCO."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from torch import Tensor

VOID = 255  # the label of a pixel that no metric and no loss counts


class DetectionTarget(TypedDict):
    """The objects of one image, N of them (N may be 0)."""

    boxes: Tensor
    """(N, 4) float32 xyxy pixels, half-open: a box of the pixels 2, 3, 4 is [2, 5]."""
    labels: Tensor
    """(N,) int64, 1..K; 0 is the background and never stands here."""
    masks: NotRequired[Tensor]
    """(N, H, W) bool, the visible pixels of each object."""
    area: NotRequired[Tensor]
    """(N,) float32 pixels: what COCO sorts into small, medium and large. The box's area where it is missing."""
    iscrowd: NotRequired[Tensor]
    """(N,) bool: a region that neither counts as missed nor makes a detection in it wrong."""
    difficult: NotRequired[Tensor]
    """(N,) bool: PASCAL VOC's mark for an object that its evaluation leaves out."""
    image_id: NotRequired[int]


class Detections(TypedDict):
    """What a model found in one image, in any order."""

    boxes: Tensor
    """(N, 4) float32 xyxy pixels."""
    scores: Tensor
    """(N,) in [0, 1]."""
    labels: Tensor
    """(N,) int64, 1..K."""
    masks: NotRequired[Tensor]
    """(N, H, W) bool."""
