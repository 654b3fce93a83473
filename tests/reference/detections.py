"""Two lists of detections are the same where each of one has its like in the other, whatever the order of near ties."""

import torch

from seeing.ops import box_iou


def assert_alike(ours: list[dict], theirs: list[dict], boxes: float = 1e-3, scores: float = 1e-5) -> None:
    """As many in each image, of the same classes, scores and boxes. Scores nearer than `scores` may change places."""
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        assert len(a["labels"]) == len(b["labels"])
        torch.testing.assert_close(a["scores"], b["scores"], atol=scores, rtol=0)
        same = a["labels"][:, None] == b["labels"]
        near = (a["boxes"][:, None] - b["boxes"]).abs().amax(-1) <= boxes
        level = (a["scores"][:, None] - b["scores"]).abs() <= scores
        like = same & near & level
        assert like.any(1).all(), "a detection of ours has no like"
        assert like.any(0).all(), "a detection of theirs has no like"


def share_alike(ours: list[dict], theirs: list[dict], iou: float = 0.9) -> float:
    """The share of their detections for which there is one of ours of the same class at nearly the same place."""
    found = total = 0
    for a, b in zip(ours, theirs, strict=True):
        same = (box_iou(b["boxes"], a["boxes"]) > iou) & (b["labels"][:, None] == a["labels"])
        found, total = found + int(same.any(1).sum()), total + len(b["labels"])
    return found / max(total, 1)
