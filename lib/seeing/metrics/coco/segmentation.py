"""A COCO "segmentation", outlines or run lengths, as runs that can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from seeing.data.coco_masks import check_mask_size, decode_rle, run_lengths, segmentation_to_mask
from seeing.metrics.coco.mask_runs import MaskRuns


def segmentation_runs(
    segmentation: Any, what: str, size: tuple[int, int] | None = None
) -> tuple[np.ndarray, tuple[int, int]]:
    """The run lengths of one mask, and its height and width.

    Args:
        segmentation: run lengths, {"size": [H, W], "counts": ...}, or where the size is known a list of outlines.
        what: how to call it in an error.
        size: height and width of its image.

    Raises:
        ValueError: if it is malformed, or of another size.
    """
    try:
        if isinstance(segmentation, Mapping):
            if size is not None:
                check_mask_size(segmentation, *size)
            lengths = run_lengths(segmentation)
            if len(lengths) and lengths[1:].all():  # as we would write them: there is no need to draw the mask
                return lengths, tuple(segmentation["size"])
            mask = decode_rle(segmentation)
        elif size is not None:
            mask = segmentation_to_mask(segmentation, *size)
        else:
            raise ValueError(f"run lengths were expected; got {type(segmentation).__name__}")
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from error
    runs = MaskRuns.encode(mask.numpy()[None])
    return runs.lengths, (mask.shape[0], mask.shape[1])
