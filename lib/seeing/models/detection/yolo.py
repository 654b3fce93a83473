"""YOLO, the first one: the picture is a grid, and each cell says what is in it and where, all in one look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from seeing.data.target import Detections, DetectionTarget
from seeing.models.backbones.darknet import SLOPE, DarknetTrunk
from seeing.models.detection.detector import Detector
from seeing.models.detection.levels import clip_to_images
from seeing.models.detection.objects import batch_objects
from seeing.models.detection.yolo_cells import cell_owners, cells_in_crowds, from_cells, in_cells, responsible_boxes
from seeing.models.layers import scaled
from seeing.ops.best_detections import batched_detections
from seeing.ops.window import pair

COORDINATES, NO_OBJECT = 5.0, 0.5
HIDDEN = 4096


class YOLOPredictions(NamedTuple):
    """What the network says of S x S cells, row by row; all of it linear, so out of [0, 1] too.

    Attributes:
        class_scores: (N, S S, K), of the classes 1..K, given that an object has its centre in the cell.
        confidences: (N, S S, B), of each of a cell's B boxes: the IoU that it expects to have.
        boxes: (N, S S, B, 4): x and y of the centre as parts of the cell, the square roots of width and height as
            parts of the image.
    """

    class_scores: Tensor
    confidences: Tensor
    boxes: Tensor


class YOLO(Detector):
    """Convolutions, then two linear layers that see the whole picture, then B boxes and one class for each cell.

    Args:
        num_classes: K + 1, the background counted.
        image_size: pixels a side, or (height, width), a multiple of the trunk's last stride.
        width: multiplies the numbers of channels, and the hidden layer's if `hidden` is None; 1 is the paper's.
        num_stages: of the trunk, 1 to 6. The grid has image_size / (2, 4, 8, 16, 32, 64) cells a side.
        boxes_per_cell: B.
        hidden: features between the two linear layers; 4096 times the width if None.
        batch_norm: normalise after each convolution, for training from nothing.
        dropout: behind the hidden layer.
        score_threshold: a detection's score is over this.
        nms_threshold: a box whose IoU with a better one of its class is over this goes.
        detections_per_img: detections of each image, at most.

    With all defaults it has the paper's 271,703,550 parameters, and its output is 7 x 7 x 30 numbers. A cell holds one
    object: where two have their centres in one cell, the first in the target is learned and the other is not seen
    (`seen` says which are). darknet takes either by chance.

    Deviations from darknet: scores are products of numbers that are cut to [0, 1] first, where darknet multiplies them
    as they are; the thresholds are those of its evaluation (its demonstration has .2 and .4).

    Example:
        >>> model = YOLO(num_classes=5, image_size=64, width=0.125, num_stages=3, hidden=64, batch_norm=True)
        >>> [tuple(part.shape) for part in model.predict(torch.zeros(2, 3, 64, 64))]
        [(2, 64, 4), (2, 64, 2), (2, 64, 2, 4)]

    Source: Redmon, Divvala, Girshick and Farhadi, You only look once (2016); loss and layers as in darknet's
        detection_layer.c and the yolo.cfg of November 2015.
    """

    def __init__(
        self,
        num_classes: int = 21,
        image_size: int | tuple[int, int] = 448,
        width: float = 1.0,
        num_stages: int = 6,
        *,
        boxes_per_cell: int = 2,
        hidden: int | None = None,
        batch_norm: bool = False,
        dropout: float = 0.5,
        score_threshold: float = 0.001,
        nms_threshold: float = 0.5,
        detections_per_img: int = 100,
    ) -> None:
        super().__init__(num_classes, mean=(0, 0, 0), std=(1, 1, 1))
        self.backbone = DarknetTrunk(width, num_stages, batch_norm=batch_norm)
        self.image_size, stride = pair(image_size, "image_size", 1), self.backbone.strides[-1]
        if any(side % stride for side in self.image_size):
            raise ValueError(f"image_size must be a multiple of the last stride, {stride}; got {image_size}")
        self.grid = (self.image_size[0] // stride, self.image_size[1] // stride)
        self.boxes_per_cell = boxes_per_cell
        cells, hidden = self.grid[0] * self.grid[1], hidden or scaled(HIDDEN, width)
        self.hidden = nn.Linear(self.backbone.channels[-1] * cells, hidden)
        self.drop = nn.Sequential(nn.LeakyReLU(SLOPE, inplace=True), nn.Dropout(dropout))
        self.output = nn.Linear(hidden, cells * (num_classes - 1 + 5 * boxes_per_cell))
        for layer in (self.hidden, self.output):
            bound = (2 / layer.in_features) ** 0.5
            nn.init.uniform_(layer.weight, -bound, bound)
            nn.init.zeros_(layer.bias)
        self.score_threshold, self.nms_threshold = score_threshold, nms_threshold
        self.detections_per_img = detections_per_img

    def predict(self, images: Tensor) -> YOLOPredictions:
        """(N, 3, H, W) of the model's image_size; see `YOLOPredictions`."""
        if images.shape[2:] != self.image_size:
            raise ValueError(
                f"this YOLO looks at images of (height, width) {self.image_size}; got {tuple(images.shape[2:])}: "
                "resize them, and their boxes with them"
            )
        features = self.backbone(self.normalized(images))[-1]  # (N, channels, S, S)
        numbers = self.output(self.drop(self.hidden(features.flatten(1))))  # (N, S S (K + 5 B))
        cells, k, b = self.grid[0] * self.grid[1], self.num_classes - 1, self.boxes_per_cell
        classes, confidences, boxes = numbers.split([cells * k, cells * b, cells * b * 4], dim=1)
        return YOLOPredictions(
            classes.unflatten(1, (cells, k)), confidences.unflatten(1, (cells, b)), boxes.unflatten(1, (cells, b, 4))
        )

    def losses(self, predictions: YOLOPredictions, targets: Sequence[DetectionTarget]) -> dict[str, Tensor]:
        """Half of the squared differences, summed over the cells and averaged over the images.

        In a cell with an object: the classes against 0 and 1; of the box that fits best, its numbers, times 5, and its
        confidence against its IoU with the object, through which no gradient flows. All other confidences against 0,
        times 1/2; not in cells whose middle lies in a crowd.
        """
        classes, confidences, boxes = predictions
        objects = batch_objects(targets, self.num_classes)
        owner = cell_owners(objects, self.grid, self.image_size)  # (N, S S): a slot, -1 where there is no object
        image, cell = torch.where(owner >= 0)  # (P,) each
        slot = owner[image, cell]
        truth = in_cells(objects.boxes[image, slot], cell, self.grid, self.image_size)  # (P, 4)
        best, overlap = responsible_boxes(boxes[image, cell].detach(), truth, self.grid)  # (P,) each
        wanted = torch.zeros_like(classes[image, cell])  # (P, K)
        wanted.scatter_(1, objects.labels[image, slot][:, None] - 1, 1.0)
        idle = torch.ones_like(confidences)  # (N, S S, B): 0 for a box that is responsible, and in a crowd
        idle[cells_in_crowds(objects, self.grid, self.image_size)] = 0
        idle[image, cell, best] = 0
        terms = {
            "classification": (classes[image, cell] - wanted).square().sum(),
            "objectness": (confidences[image, cell, best] - overlap).square().sum(),
            "no_objectness": NO_OBJECT * (idle * confidences.square()).sum(),
            "bbox_regression": COORDINATES * (boxes[image, cell, best] - truth).square().sum(),
        }
        return {name: term / (2 * len(classes)) for name, term in terms.items()}

    @torch.no_grad()
    def detections(self, predictions: YOLOPredictions, image_sizes: Sequence[tuple[int, int]]) -> list[Detections]:
        """Of each box and class, confidence times class; NMS within each class; the best of all."""
        classes, confidences, boxes = predictions
        scores = confidences.clamp(0, 1)[..., None] * classes.clamp(0, 1)[:, :, None]  # (N, S S, B, K)
        image, cell, place, label = torch.where(scores > self.score_threshold)  # (D,) each
        found = from_cells(boxes[image, cell, place], cell, self.grid, self.image_size)  # (D, 4)
        return batched_detections(
            clip_to_images(found, image, image_sizes),
            scores[image, cell, place, label],
            label + 1,
            image,
            len(classes),
            self.nms_threshold,
            self.detections_per_img,
        )  # type: ignore[return-value]

    def seen(self, targets: Sequence[DetectionTarget]) -> list[Tensor]:
        """For each image, a bool for each object: whether a cell of the grid is its own, so that it can be learned."""
        objects = batch_objects(targets, self.num_classes)
        owner = cell_owners(objects, self.grid, self.image_size)
        slots = torch.arange(objects.labels.shape[1], device=owner.device)
        owned = (owner[:, :, None] == slots).any(1)  # (N, M)
        return [part[: len(target["labels"])] for part, target in zip(owned, targets, strict=True)]
