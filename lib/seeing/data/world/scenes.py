"""Scenes with everything that is known about them: picture, label map, masks, boxes and classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from seeing.data.target import VOID, DetectionTarget
from seeing.data.world.records import each_tensor


@dataclass(frozen=True)
class Scenes:
    """B scenes of one size, with K slots for objects. What lies further up comes later in the slots.

    Attributes:
        image: (B, 3, H, W) float32 in [0, 1].
        semantic: (B, H, W) int64: the class of each pixel, 0 for the background, 255 on ignored objects.
        masks: (B, K, H, W) bool: the visible pixels of each object, ignored ones included; no pixel belongs to two.
        boxes: (B, K, 4) float32 xyxy pixels, half-open: around each mask; zeros where it is empty.
        labels: (B, K) int64, 1..4; 0 where a slot is empty or its object ignored.
        ignored: (B, K) int64, 1..4: the class of an object too hidden or too small to be asked for; 0 everywhere else.
        number: (B,) int64: which scenes of their seed these are.
    """

    image: Tensor
    semantic: Tensor
    masks: Tensor
    boxes: Tensor
    labels: Tensor
    ignored: Tensor
    number: Tensor

    def __len__(self) -> int:
        return len(self.image)

    def __getitem__(self, which: int | slice | Tensor | Sequence[int]) -> Scenes:
        """Some of the scenes; an integer gives one scene, still with its first dimension."""
        if isinstance(which, int):
            if not -len(self) <= which < len(self):
                raise IndexError(f"there are {len(self)} scenes; got number {which}")
            which = slice(which % len(self), which % len(self) + 1)
        return each_tensor(self, lambda t: t[which])

    def to(self, device: torch.device | str) -> Scenes:
        """The same scenes on another device."""
        return each_tensor(self, lambda t: t.to(device))

    def targets(self, include_ignored: bool = False) -> list[DetectionTarget]:
        """What a detector should find, image by image.

        Args:
            include_ignored: whether the ignored objects come along, with their class and `iscrowd` set, so that an
                evaluation neither asks for them nor punishes who finds them.

        Returns:
            One target an image, with masks, areas (visible pixels) and `image_id`, the number of the scene.
        """
        targets = []
        for i, number in enumerate(self.number.tolist()):
            labels = self.labels[i] + self.ignored[i] if include_ignored else self.labels[i]
            slots = labels.nonzero()[:, 0]
            masks = self.masks[i, slots]
            targets.append(
                DetectionTarget(
                    boxes=self.boxes[i, slots],
                    labels=labels[slots],
                    masks=masks,
                    area=masks.sum((1, 2)).to(torch.float32),
                    iscrowd=self.ignored[i, slots] > 0,
                    image_id=number,
                )
            )
        return targets


def annotate(
    image: Tensor, inside: Tensor, kinds: Tensor, number: Tensor, min_pixels: int, min_visible: float
) -> Scenes:
    """Find out what of each object is to be seen.

    Args:
        image: (B, 3, H, W).
        inside: (B, K, H, W) bool, the pixels of each object, hidden or not; later slots lie on top.
        kinds: (B, K) int64 classes, 0 for an empty slot.
        number: (B,) int64.
        min_pixels: an object of which fewer pixels are visible is ignored.
        min_visible: an object of whose pixels in the picture a smaller share is visible is ignored.
    """
    masks = torch.empty_like(inside)
    covered = inside.new_zeros(len(inside), *inside.shape[2:])
    for k in reversed(range(inside.shape[1])):
        torch.logical_and(inside[:, k], ~covered, out=masks[:, k])
        covered |= inside[:, k]

    columns, rows = masks.sum(2, dtype=torch.int32), masks.sum(3, dtype=torch.int32)  # (B, K, W), (B, K, H)
    shown, whole = rows.sum(2), inside.sum((2, 3), dtype=torch.int32)
    asked = (shown >= max(1, min_pixels)) & (shown >= min_visible * whole.double())
    labels = kinds * asked
    ignored = kinds * (~asked & (shown > 0))

    values = (labels + VOID * (ignored > 0)).to(torch.uint8)
    # The masks are disjoint: each sum has one term at most.
    semantic = (masks.view(torch.uint8) * values[:, :, None, None]).sum(1)
    (left, right), (top, bottom) = _ends(columns > 0), _ends(rows > 0)
    boxes = torch.stack([left, top, right, bottom], -1).to(torch.float32)
    return Scenes(image, semantic, masks, boxes, labels, ignored, number)


def joined(parts: Sequence[Scenes]) -> Scenes:
    """Several records of scenes, one or more, as one."""
    return Scenes(**{f.name: torch.cat([getattr(part, f.name) for part in parts]) for f in fields(Scenes)})


def _ends(occupied: Tensor) -> tuple[Tensor, Tensor]:
    """The first and one past the last True along the last dimension; 0 and 0 where there is none."""
    places = torch.arange(occupied.shape[-1], device=occupied.device)
    last = (occupied * (places + 1)).amax(-1)
    return occupied.to(torch.uint8).argmax(-1), last
