"""Which pictures a published book may show: no picture that was read from a data set, unless its licence allows it.

Looked at is what each page read while it ran (see `witness`), not what it says. Who is not named here may not be shown.
"""

from pathlib import PurePath

from .kernels import Failure
from .witness import Reading

# Folders, as the library and the originals name them; lower case.
RESEARCH_ONLY = {
    "camvid": "CamVid is for research only",
    "pennfudan": "Penn-Fudan is for research only",
    "pennfudanped": "Penn-Fudan is for research only",
    "coco": "COCO's pictures belong to their photographers",
    "voc": "PASCAL VOC's pictures belong to their photographers",
    "vocdevkit": "PASCAL VOC's pictures belong to their photographers",
}
MAY_BE_SHOWN = {"bccd": "MIT", "bccd_dataset": "MIT", "oxford-iiit-pet": "CC BY-SA 4.0"}
PICTURES = {".png", ".jpg", ".jpeg", ".jpe", ".ppm", ".pgm", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".jp2", ".avif"}
ARRAYS = {".npy", ".npz", ".pt", ".pth", ".pkl", ".h5", ".hdf5", ".mat", ".parquet", ".zip", ".tar", ".gz", ".tgz"}


def reason(path: str) -> str | None:
    """Why nothing that was made from a file may be published; None where it may."""
    parts = [part.lower() for part in PurePath(path).parts]
    for part in parts:
        if part in RESEARCH_ONLY:
            return RESEARCH_ONLY[part]
    if any(part in MAY_BE_SHOWN for part in parts):
        return None
    if PurePath(path).suffix.lower() in PICTURES | ARRAYS:
        return "it is not known who may show it"
    return None


def refusal(page: str, reading: Reading) -> Failure | None:
    """Why a page may not be published, by what it read; None where it may."""
    for path in [*reading.files, *reading.folders]:
        if why := reason(path):
            return Failure(
                page,
                f"may not be published, for it read {path}, and {why}",
                "Have the page draw that only where the library's loader finds the data (download=False), which "
                "finds none in make publish",
            )
    return None
