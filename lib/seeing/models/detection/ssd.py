"""SSD: default boxes of several sizes and shapes on maps of several sizes; one pass says what is in each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seeing.data.target import Detections, DetectionTarget
from seeing.models.backbones.ssd_vgg import SSDTrunk
from seeing.models.detection.detector import Detector
from seeing.models.detection.levels import flatten_levels, map_sizes
from seeing.models.detection.objects import batch_objects
from seeing.models.state import load_state, renamed
from seeing.ops.batched_matching import batched_ignore_regions, batched_match_ssd
from seeing.ops.box_coding import encode_boxes
from seeing.ops.default_boxes import ssd_default_boxes
from seeing.ops.postprocess import ssd_postprocess
from seeing.ops.sampling import hard_negative_mining
from seeing.ops.smooth_l1 import smooth_l1_loss
from seeing.ops.window import pair

RATIOS = ((2,), (2, 3), (2, 3), (2, 3), (2,), (2,))
SCALES = (0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05)
WEIGHTS = (10.0, 10.0, 5.0, 5.0)
MEAN = (0.48235, 0.45882, 0.40784)
STD = (1 / 255, 1 / 255, 1 / 255)


class SSDPredictions(NamedTuple):
    """What the network says of A default boxes.

    Attributes:
        class_logits: (N, A, C), class 0 is the background.
        box_deltas: (N, A, 4), as `encode_boxes` makes them.
        anchors: (A, 4) xyxy pixels.
    """

    class_logits: Tensor
    box_deltas: Tensor
    anchors: Tensor


class SSD(Detector):
    """A trunk with several maps, and on each map one 3x3 convolution for classes and one for boxes.

    Args:
        num_classes: C, the background counted.
        image_size: pixels a side, or (height, width); the default boxes are fractions of it. All images must have it.
        width: multiplies the trunk's numbers of channels; 1 is the paper's.
        num_maps: 2 to 6; the paper's SSD300 has 6, and 64 pixels are enough for 4 (for 3, if a batch of one is to be
            trained with `batch_norm`: a map of one cell has no variance).
        scales: num_maps + 1 sizes of default boxes as fractions of the image. If None, SSD300's for its size and maps,
            else evenly spaced as `ssd_default_boxes` has it.
        aspect_ratios: of each map, over 1; each also stands for its inverse.
        batch_norm: normalise after each convolution of the trunk, for training from nothing.
        score_threshold: a detection's score is over this.
        nms_threshold: a box whose IoU with a better one of its class is over this goes.
        topk_candidates: candidates of each class before NMS, at most.
        detections_per_img: detections of each image, at most.

    SSD300 (all defaults) has 35,641,826 parameters at 91 classes and 26,285,486 at 21.

    Deviations from the paper, all torchvision's too: every unmatched default box can be mined, also one whose IoU with
    an object is just over the threshold with another; boxes are cut at the border before NMS. And ours: where two
    objects want the same default box, each gets one of its own (see `match_ssd`); torchvision lets the later take it.

    Example:
        >>> model = SSD(num_classes=5, image_size=64, width=0.125, num_maps=3, batch_norm=True)
        >>> predictions = model.predict(torch.zeros(1, 3, 64, 64))
        >>> predictions.class_logits.shape  # 4 in each of 8 x 8 cells, 6 in each of 4 x 4 and of 2 x 2
        torch.Size([1, 376, 5])

    Source: Liu et al., SSD: Single shot multibox detector (2016).
    """

    def __init__(
        self,
        num_classes: int = 91,
        image_size: int | tuple[int, int] = 300,
        width: float = 1.0,
        num_maps: int = 6,
        *,
        scales: Sequence[float] | None = None,
        aspect_ratios: Sequence[Sequence[float]] | None = None,
        batch_norm: bool = False,
        score_threshold: float = 0.01,
        nms_threshold: float = 0.45,
        topk_candidates: int = 400,
        detections_per_img: int = 200,
    ) -> None:
        super().__init__(num_classes, MEAN, STD)
        self.backbone = SSDTrunk(width, num_maps, batch_norm=batch_norm)
        self.image_size = pair(image_size, "image_size", 1)
        paper = self.image_size == (300, 300) and num_maps == 6
        self.scales, self.steps = scales or (SCALES if paper else None), self.backbone.strides if paper else None
        self.aspect_ratios = tuple(map(tuple, aspect_ratios or RATIOS[:num_maps]))
        per_cell = [2 + 2 * len(ratios) for ratios in self.aspect_ratios]
        self.class_convs = nn.ModuleList(_heads(self.backbone.channels, per_cell, num_classes))
        self.box_convs = nn.ModuleList(_heads(self.backbone.channels, per_cell, 4))
        self.score_threshold, self.nms_threshold = score_threshold, nms_threshold
        self.topk_candidates, self.detections_per_img = topk_candidates, detections_per_img

    def predict(self, images: Tensor) -> SSDPredictions:
        """(N, 3, H, W) of the model's image_size; see `SSDPredictions`."""
        if images.shape[2:] != self.image_size:
            raise ValueError(
                f"this SSD looks at images of (height, width) {self.image_size}; got {tuple(images.shape[2:])}: resize "
                "them, and their boxes with them"
            )
        maps = self.backbone(self.normalized(images))  # (N, channels, H_l, W_l) each
        logits = [conv(level) for conv, level in zip(self.class_convs, maps, strict=True)]  # (N, A_l C, H_l, W_l)
        deltas = [conv(level) for conv, level in zip(self.box_convs, maps, strict=True)]  # (N, A_l 4, H_l, W_l)
        return SSDPredictions(
            flatten_levels(logits, self.num_classes), flatten_levels(deltas, 4), self.anchors(map_sizes(maps))
        )

    def anchors(self, sizes: Sequence[tuple[int, int]]) -> Tensor:
        """(A, 4): the default boxes on maps of these sizes."""
        return ssd_default_boxes(
            self.image_size,
            sizes,
            self.aspect_ratios,
            scales=self.scales,
            steps=self.steps,
            device=self.mean.device,
        )

    def losses(self, predictions: SSDPredictions, targets: Sequence[DetectionTarget]) -> dict[str, Tensor]:
        """Cross-entropy of the positives and of the hardest negatives, three for each, and smooth L1 of the offsets.

        Both are divided by the number of positives in the batch, at least 1.
        """
        logits, deltas, anchors = predictions
        objects = batch_objects(targets, self.num_classes)
        matches = batched_match_ssd(objects.boxes, objects.real, anchors)  # (N, A)
        matches = batched_ignore_regions(matches, anchors, objects.boxes, objects.crowd)
        labels = objects.labels_of(matches)  # (N, A)
        positive = matches >= 0
        count = positive.sum().clamp(min=1)

        entropy = F.cross_entropy(logits.movedim(-1, 1), labels, reduction="none")  # (N, A)
        negative = hard_negative_mining(entropy, positive, 3.0, ignored=matches == -2)
        image, anchor = torch.where(positive)  # (P,) each
        boxes = objects.boxes[image, matches[image, anchor]]  # (P, 4)
        offsets = encode_boxes(boxes, anchors[anchor], WEIGHTS)
        return {
            "classification": entropy[positive | negative].sum() / count,
            "bbox_regression": smooth_l1_loss(deltas[image, anchor], offsets, reduction="sum") / count,
        }

    @torch.no_grad()
    def detections(self, predictions: SSDPredictions, image_sizes: Sequence[tuple[int, int]]) -> list[Detections]:
        """Softmax, the best candidates of each class, NMS within each, the best of all."""
        return ssd_postprocess(
            *predictions,
            image_sizes,
            self.score_threshold,
            self.nms_threshold,
            self.topk_candidates,
            self.detections_per_img,
            weights=WEIGHTS,
        )  # type: ignore[return-value]

    def load_torchvision(self, state: Mapping[str, Tensor]) -> None:
        """Take the parameters of `torchvision.models.detection.ssd300_vgg16` with as many classes.

        Raises:
            ValueError: if names or shapes do not fit.
        """
        parts = {
            "head.classification_head.module_list": "class_convs",
            "head.regression_head.module_list": "box_convs",
        }
        load_state(self, renamed(state, parts))


def _heads(channels: Sequence[int], per_cell: Sequence[int], columns: int) -> list[nn.Conv2d]:
    convs = [nn.Conv2d(c, a * columns, 3, padding=1) for c, a in zip(channels, per_cell, strict=True)]
    for conv in convs:
        nn.init.xavier_uniform_(conv.weight)
        nn.init.zeros_(conv.bias)  # type: ignore[arg-type]
    return convs
