"""P-Net, the first stage of MTCNN: a classifier of 12x12 windows, so small that it is run over whole pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seeing.data.target import Detections, DetectionTarget
from seeing.models.detection.detector import Detector
from seeing.models.detection.image_pyramid import pyramid_sizes
from seeing.models.detection.levels import clip_to_images
from seeing.models.detection.objects import batch_objects
from seeing.models.state import load_state, renamed
from seeing.ops.anchors import grid_centers
from seeing.ops.batched_matching import batched_ignore_regions, batched_match_argmax
from seeing.ops.best_detections import batched_detections
from seeing.ops.nms import batched_nms

WINDOW, STRIDE = 12, 2
POSITIVE, PART, NEGATIVE = 0.65, 0.4, 0.3  # IoU with a face
HARD = 0.7
"""The part of the windows, those with the highest loss, from which the classifier learns."""


class PNetPredictions(NamedTuple):
    """What the network says of the A windows of all scales.

    Attributes:
        class_logits: (N, A, 2): no face, face.
        box_deltas: (N, A, 4): how far the face's left, top, right and bottom lie from the window's, in its sides.
        windows: (A, 4) xyxy pixels of the image.
        scales: (A,) int64, of which scale of the pyramid a window is.
    """

    class_logits: Tensor
    box_deltas: Tensor
    windows: Tensor
    scales: Tensor


class PNet(Detector):
    """Three convolutions with 3x3 windows and no linear layer: one answer for each window of 12 pixels, every 2 pixels.

    Larger faces are found by showing it the picture made smaller, again and again: an image pyramid.

    Args:
        min_size: of the faces to be found, pixels: the picture is shrunk until one of them has 12.
        factor: from one scale of the pyramid to the next, in (0, 1).
        score_threshold: a candidate's score is at least over this.
        scale_nms: NMS threshold among the windows of one scale.
        nms_threshold: NMS threshold among those of all scales.
        detections_per_img: detections of each image, at most.

    It has 6,632 parameters. Deviations: the windows are not rounded to whole pixels, and boxes are half-open, without
    the original's pixel more; a picture is shrunk by averaging areas, as facenet-pytorch does; boxes are not made
    square, which only the next stage of the cascade needs.

    Example:
        >>> model = PNet()
        >>> sum(parameter.numel() for parameter in model.parameters())
        6632
        >>> model.predict(torch.zeros(1, 3, 20, 20)).windows  # one scale, one window of 12 of its pixels
        tensor([[ 1.6667,  1.6667, 20.0000, 20.0000]])

    Source: Zhang, Zhang, Li and Qiao, Joint face detection and alignment using multitask cascaded convolutional
        networks (2016), figure 2 and section II; constants as in the authors' demo.m and detect_face.m.
    """

    def __init__(
        self,
        min_size: float = 20,
        factor: float = 0.709,
        *,
        score_threshold: float = 0.6,
        scale_nms: float = 0.5,
        nms_threshold: float = 0.7,
        detections_per_img: int = 100,
    ) -> None:
        super().__init__(2, mean=(0.5, 0.5, 0.5), std=(128 / 255, 128 / 255, 128 / 255))
        if not min_size >= WINDOW or not 0 < factor < 1:
            raise ValueError(f"min_size must be at least {WINDOW} and factor in (0, 1); got {min_size} and {factor}")
        self.conv1, self.prelu1 = nn.Conv2d(3, 10, 3), nn.PReLU(10)
        self.pool1 = nn.MaxPool2d(2, ceil_mode=True)
        self.conv2, self.prelu2 = nn.Conv2d(10, 16, 3), nn.PReLU(16)
        self.conv3, self.prelu3 = nn.Conv2d(16, 32, 3), nn.PReLU(32)
        self.class_conv, self.box_conv = nn.Conv2d(32, 2, 1), nn.Conv2d(32, 4, 1)
        self.min_size, self.factor = min_size, factor
        self.score_threshold, self.scale_nms, self.nms_threshold = score_threshold, scale_nms, nms_threshold
        self.detections_per_img = detections_per_img

    def maps(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Both heads on pictures of one scale.

        Args:
            images: (N, 3, H, W) in [0, 1], H and W at least 12.

        Returns:
            (N, 2, H', W') logits and (N, 4, H', W') offsets, H' = ceil((H - 2) / 2) - 4. The answer at (i, j) is that
            for the 12x12 crop whose corner is at (2i, 2j).
        """
        x = self.pool1(self.prelu1(self.conv1(self.normalized(images))))  # (N, 10, (H - 2) / 2, (W - 2) / 2)
        x = self.prelu3(self.conv3(self.prelu2(self.conv2(x))))  # (N, 32, H', W')
        return self.class_conv(x), self.box_conv(x)

    def predict(self, images: Tensor) -> PNetPredictions:
        """(N, 3, H, W), H and W at least `min_size`; see `PNetPredictions`."""
        height, width = images.shape[2:]
        sizes = pyramid_sizes(height, width, WINDOW / self.min_size, self.factor, WINDOW)
        if not sizes:
            raise ValueError(
                f"the image is {height}x{width}; faces of at least {self.min_size} pixels are looked for: show a "
                "larger image, or build the model with a smaller min_size"
            )
        logits: list[Tensor] = []
        deltas: list[Tensor] = []
        windows, scales = [], []
        for number, size in enumerate(sizes):
            small = F.interpolate(images, size, mode="area")
            for rows, level in zip((logits, deltas), self.maps(small), strict=True):
                rows.append(level.flatten(2).transpose(1, 2))  # (N, H' W', 2 or 4)
            corners = grid_centers(level.shape[2:], STRIDE, device=images.device)  # (H' W', 2): 2j + 1, 2i + 1
            # As the original counts: from the far edge of the window's first pixel, and by the scale, not by the sizes
            # that it rounds to. What the published weights' offsets mean hangs on both.
            back = self.min_size / WINDOW / self.factor**number
            windows.append(torch.cat([corners * back, (corners + WINDOW - 1) * back], dim=1))
            scales.append(torch.full((len(corners),), number, device=images.device))
        return PNetPredictions(torch.cat(logits, 1), torch.cat(deltas, 1), torch.cat(windows), torch.cat(scales))

    def losses(self, predictions: PNetPredictions, targets: Sequence[DetectionTarget]) -> dict[str, Tensor]:
        """Cross-entropy of the hardest windows, and half the squared offsets of those that show part of a face or all.

        A window is a face from an IoU of .65 on and none under .3; from .4 on it learns the offsets. Means over the
        windows that count, 0 without any.
        """
        logits, deltas, windows, _ = predictions
        objects = batch_objects(targets, self.num_classes)
        faces = batched_match_argmax(objects.boxes, objects.real, windows, POSITIVE, NEGATIVE)  # (N, A)
        faces = batched_ignore_regions(faces, windows, objects.boxes, objects.crowd)
        counts = faces >= -1
        entropy = F.cross_entropy(logits[counts], (faces[counts] >= 0).long(), reduction="none")
        hardest = entropy.topk(max(1, int(HARD * len(entropy)))).values if len(entropy) else entropy
        parts = batched_match_argmax(objects.boxes, objects.real, windows, PART, PART)  # (N, A)
        image, place = torch.where(parts >= 0)
        window = windows[place]  # (P, 4)
        sides = (window[:, 2:] - window[:, :2]).repeat(1, 2)
        wanted = (objects.boxes[image, parts[image, place]] - window) / sides
        squares = (deltas[image, place] - wanted).square().sum(1)
        return {
            "classification": hardest.sum() / max(1, len(hardest)),
            "bbox_regression": squares.sum() / (2 * max(1, len(squares))),
        }

    @torch.no_grad()
    def detections(self, predictions: PNetPredictions, image_sizes: Sequence[tuple[int, int]]) -> list[Detections]:
        """NMS among the windows of each scale, then of all scales; then the offsets move those that are left."""
        logits, deltas, windows, scales = predictions
        scores = logits.softmax(-1)[..., 1]  # (N, A)
        image, place = torch.where(scores > self.score_threshold)  # (K,) each
        score, scale = scores[image, place], scales[place]
        kept = batched_nms(windows[place], score, image * (int(scales.max()) + 1) + scale, self.scale_nms)
        image, place, score = image[kept], place[kept], score[kept]
        kept = batched_nms(windows[place], score, image, self.nms_threshold)
        image, place, score = image[kept], place[kept], score[kept]
        window = windows[place]  # (K', 4)
        boxes = window + deltas[image, place] * (window[:, 2:] - window[:, :2]).repeat(1, 2)
        boxes = clip_to_images(boxes, image, image_sizes)
        # The windows were told apart already; offsets may bring boxes together, which the original leaves as they are.
        return batched_detections(
            boxes, score, torch.ones_like(place), image, len(logits), 1.0, self.detections_per_img
        )  # type: ignore[return-value]

    def load_facenet(self, state: Mapping[str, Tensor]) -> None:
        """Take the parameters under the names of facenet-pytorch, as `seeing.data.load_pnet_weights` gives them.

        Raises:
            ValueError: if names or shapes do not fit.
        """
        load_state(self, renamed(state, {"conv4_1": "class_conv", "conv4_2": "box_conv"}))
