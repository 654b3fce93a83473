"""A truth that the published COCO evaluation can never find, whatever the detector reports."""

from __future__ import annotations

import warnings


class LostTruthWarning(UserWarning):
    """A file has a truth whose matches do not count: the one with annotation id 0.

    COCO's evaluation notes for each detection the annotation id it matched, and 0 for "none". The truth with id 0 is
    therefore missed in every evaluation, and the detection that found it is wrong. COCO's own files begin at 1; a
    tool that counts from 0 writes such a file.
    """


def warn_of_lost_truth(file: str, image: int) -> None:
    """Say once for an evaluation which truth is lost, to whoever called `coco_evaluate`."""
    warnings.warn(
        f"{file}: the truth with annotation id 0, in image {image}, counts as missed even where it is found: the "
        "published evaluation takes the id 0 for 'no match'. Number the annotations from 1, or pass "
        "lose_id_zero=False; to keep the published number in silence, filter LostTruthWarning",
        LostTruthWarning,
        stacklevel=4,
    )
