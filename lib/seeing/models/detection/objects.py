"""The objects of a batch in one tensor each, and what is refused of targets before anything is learned from them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from seeing.data.target import DetectionTarget
from seeing.ops.checks import values_can_be_read


class Objects(NamedTuple):
    """The objects of N images, in M slots each; M is the largest number of objects, at least 1.

    Attributes:
        boxes: (N, M, 4) xyxy pixels; zeros in an empty slot.
        labels: (N, M) int64, 1..K; 0 in an empty slot.
        crowd: (N, M) bool: regions of which nothing is learned, neither that an object is there nor that none is.
    """

    boxes: Tensor
    labels: Tensor
    crowd: Tensor

    @property
    def real(self) -> Tensor:
        """(N, M) bool: the slots that hold an object to be found."""
        return (self.labels > 0) & ~self.crowd

    def labels_of(self, matches: Tensor) -> Tensor:
        """(N, A) int64: the class that each anchor learns, 0 where `matches` (N, A) has no slot."""
        return self.labels.gather(1, matches.clamp(min=0)).masked_fill(matches < 0, 0)


def batch_objects(
    targets: Sequence[DetectionTarget], num_classes: int, sizes: Sequence[tuple[int, int]] | None = None
) -> Objects:
    """Targets as one record.

    Args:
        targets: one for each image, at least one. `iscrowd` marks regions, where it is given.
        num_classes: C, the background counted.
        sizes: (height, width) of each image, if its boxes are to be held against it.

    Returns:
        The objects, in the targets' order.

    Raises:
        ValueError: if a target has no boxes and labels that fit each other; a label is not in 1..C-1; a box has no
            area, a NaN or an infinity, or lies outside its image.

    Warns:
        UserWarning: if no image of the batch has an object: such a batch teaches a detector to see nothing.
    """
    if not targets:
        raise ValueError("targets of at least one image were expected; got none")
    for number, target in enumerate(targets):
        _check_shapes(target, number)
    boxes = pad_sequence([target["boxes"].float() for target in targets], batch_first=True)  # (N, M, 4)
    labels = pad_sequence([target["labels"].long() for target in targets], batch_first=True)  # (N, M)
    crowds = [target.get("iscrowd", torch.zeros_like(target["labels"])).bool() for target in targets]
    crowd = pad_sequence(crowds, batch_first=True)  # (N, M)
    if boxes.shape[1] == 0:
        boxes, labels, crowd = (part.new_zeros(len(targets), 1, *part.shape[2:]) for part in (boxes, labels, crowd))
    objects = Objects(boxes, labels, crowd)
    if values_can_be_read(boxes, labels):
        filled = _filled(targets, labels)
        _check_values(objects, filled, num_classes, sizes)
        if not objects.real.any():
            # One place in the code, so that Python says it once and not at every step.
            warnings.warn(
                "no image of this batch has an object to learn from: such batches teach a detector to see nothing",
                stacklevel=2,
            )
    return objects


def _check_shapes(target: DetectionTarget, number: int) -> None:
    if not isinstance(target, Mapping) or not {"boxes", "labels"} <= target.keys():
        got = sorted(target) if isinstance(target, Mapping) else type(target).__name__
        raise ValueError(f'target {number} must be a dictionary with "boxes" and "labels"; got {got}')
    boxes, labels = target["boxes"], target["labels"]
    if not isinstance(boxes, Tensor) or not isinstance(labels, Tensor):
        raise ValueError(
            f"boxes and labels of target {number} must be tensors; got {type(boxes).__name__} and "
            f"{type(labels).__name__}"
        )
    whole = not labels.is_floating_point() and not labels.is_complex() and labels.dtype != torch.bool
    if boxes.dim() != 2 or boxes.shape[1] != 4 or labels.shape != boxes.shape[:1] or not whole:
        raise ValueError(
            f"target {number} must have boxes (M, 4) and whole labels (M,); got {tuple(boxes.shape)} and "
            f"{labels.dtype} {tuple(labels.shape)}"
        )
    crowd = target.get("iscrowd")
    if crowd is not None and crowd.shape != labels.shape:
        raise ValueError(f"iscrowd of target {number} must be {tuple(labels.shape)}; got {tuple(crowd.shape)}")


def _filled(targets: Sequence[DetectionTarget], labels: Tensor) -> Tensor:
    """(N, M) bool: the slots that stand for an entry of the targets, whatever its label."""
    counts = torch.tensor([len(target["labels"]) for target in targets], device=labels.device)
    return torch.arange(labels.shape[1], device=labels.device) < counts[:, None]


def _check_values(objects: Objects, filled: Tensor, num_classes: int, sizes: Sequence[tuple[int, int]] | None) -> None:
    """Refuse labels and boxes that no detector can learn; one wait for the device where all is well."""
    boxes, labels, _ = objects
    wrong_label = filled & ((labels < 1) | (labels >= num_classes))  # (N, M)
    proper = (boxes[..., 2:] > boxes[..., :2]).all(-1) & boxes.isfinite().all(-1)  # (N, M)
    wrong_box = filled & ~proper
    outside = torch.zeros_like(filled)
    if sizes is not None:
        limits = torch.tensor([(w, h) for h, w in sizes], dtype=boxes.dtype, device=boxes.device)[:, None]  # (N, 1, 2)
        # A pixel of room for rounding: boxes come from files, and from pictures that were made larger or smaller.
        outside = filled & ((boxes[..., :2] < -1) | (boxes[..., 2:] > limits + 1)).any(-1)
    if not (wrong_label | wrong_box | outside).any():
        return
    if wrong_label.any():
        image, slot = wrong_label.nonzero()[0].tolist()
        raise ValueError(
            f"labels must be in 1..{num_classes - 1} (0 is the background); got {labels[image, slot].item()} in "
            f"target {image}"
        )
    image, slot = (wrong_box if wrong_box.any() else outside).nonzero()[0].tolist()
    box = boxes[image, slot].tolist()
    if wrong_box.any():
        raise ValueError(
            f"a box must have an area, x1 < x2 and y1 < y2, without NaN and infinity; got {box} in target {image}: "
            "leave such boxes out"
        )
    height, width = sizes[image]  # type: ignore[index]
    raise ValueError(
        f"a box must lie in its image, which is {width} wide and {height} high; got {box} in target {image}: was the "
        "image resized without its boxes?"
    )
