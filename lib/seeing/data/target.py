"""What is known about an image, in one form: torchvision's dictionaries, with the crowd and area rules of COCO."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NotRequired, TypedDict

from torch import Tensor

VOID = 255  # the label of a pixel that no metric and no loss counts


FRACTIONS = (
    "all of them lie in the first pixel, so they are fractions of the picture's sides: multiply x by its width "
    "and y by its height"
)


class DetectionTarget(TypedDict):
    """The objects of one image, N of them (N may be 0).

    Attributes:
        boxes: (N, 4) float32 xyxy pixels, half-open: a box of the pixels 2, 3, 4 is [2, 5].
        labels: (N,) int64, 1..K; 0 is the background and never stands here.
        masks: (N, H, W) bool, the visible pixels of each object.
        area: (N,) float32 pixels: what COCO sorts into small, medium and large. The box's area where it is missing.
        iscrowd: (N,) bool: a region that neither counts as missed nor makes a detection in it wrong.
        difficult: (N,) bool: PASCAL VOC's mark for an object that its evaluation leaves out.
        image_id: the number of the image in its data set.
    """

    boxes: Tensor
    labels: Tensor
    masks: NotRequired[Tensor]
    area: NotRequired[Tensor]
    iscrowd: NotRequired[Tensor]
    difficult: NotRequired[Tensor]
    image_id: NotRequired[int]


class Detections(TypedDict):
    """What a model found in one image, in any order.

    Attributes:
        boxes: (N, 4) float32 xyxy pixels.
        scores: (N,) in [0, 1].
        labels: (N,) int64, 1..K.
        masks: (N, H, W) bool.
    """

    boxes: Tensor
    scores: Tensor
    labels: Tensor
    masks: NotRequired[Tensor]


def in_first_pixel(corners: Iterable[Sequence[float]]) -> bool:
    """Whether boxes are fractions of the picture's sides (as YOLO's files have them), where pixels should stand.

    Args:
        corners: left, top, right, bottom of each of the boxes of a file.

    Returns:
        True if all lie in 0..1 and not all corners are whole; a box that is the first pixel is one of pixels. False if
        there is none.
    """
    fractions = False
    for box in corners:
        if not all(0 <= number <= 1 for number in box):
            return False
        fractions = fractions or not all(float(number).is_integer() for number in box)
    return fractions
