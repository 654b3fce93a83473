"""The mark of a crowd in COCO's annotations, read in one way by the reader of pictures and by the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np


def is_crowd(annotation: Mapping[str, Any]) -> bool:
    """Whether an annotation is of a crowd: a region with many objects, which a detector may find or not.

    Args:
        annotation: a record of COCO's "annotations". Its "iscrowd" is 0 or 1; tools also write 0.0 and 1.0, or false
            and true. Missing or null, it is 0.

    Raises:
        ValueError: if it is anything else. A text is refused even if it reads "0": tools that ask only whether
            something stands there take it for a crowd.
    """
    value = annotation.get("iscrowd")
    if value is None:
        return False
    if not isinstance(value, Real | np.bool_) or value not in (0, 1):
        raise ValueError(f'"iscrowd" must be 0 or 1; got {value!r}')
    return bool(value)
