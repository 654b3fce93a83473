"""Calibration records: what trained networks said about CIFAR's test pictures, and what was right."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from seeing.data.download import Source, find_files, repository_file
from seeing.data.files import BadFile, check_choice

REPOSITORY = ("EFS-OpenSource/calibration-framework", "2a3db8d7cb2a557f3b563c98ce00954f43dfe927")
PAGE = "https://github.com/EFS-OpenSource/calibration-framework"
CHECKSUMS = {
    "densenet-bc-100-cifar-100": "6b8c33de93bdf1ae7de335f485c73c9f7198b359f85de6b1f21066a7e7c6379e",
    "lenet-5-cifar-10": "2fea8ab231920142ebf1fb90ec07677681f0ea64aef1a328e1d45898978e3c90",
    "lenet-5-cifar-100": "45807c28708ba788ef3e4d9f9d25f59ebe93a2eb5d4dd5fa8380095636a244a0",
    "wideresnet-16-4-cifar-10": "ce2bafe1fa22e8da7b132cb45556b5d154bd50bbec5d91913bba2e04fbd76182",
    "wideresnet-16-4-cifar-100": "ab3ce671b234521fe346977df2bb1c755a2c96b1781c350cef76be0ad36e5e12",
}
SUM_TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class CalibrationRecords:
    """A model's answers on a test set.

    Attributes:
        probabilities: (N, K) float32 in [0, 1]: the softmax of each picture, as recorded; rows add up to 1 to float32's
            precision.
        labels: (N,) int64 in 0..K-1: the true classes.
    """

    probabilities: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


def load_calibration_records(
    root: str | Path | None = None, download: bool = True, *, model: str = "densenet-bc-100-cifar-100"
) -> CalibrationRecords:
    """The answers of one network on the 10,000 test pictures of CIFAR-10 or CIFAR-100.

    Up to 4 MB are downloaded and checked against a recorded SHA-256.

    Args:
        root: the folder above `calibration`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        model: "densenet-bc-100-cifar-100" (K = 100), "lenet-5-cifar-10" (K = 10), "lenet-5-cifar-100",
            "wideresnet-16-4-cifar-10" or "wideresnet-16-4-cifar-100".

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if the file or an argument is bad.

    Source: Küppers, Kronenberger, Shantia and Haselhoff, Multivariate confidence calibration for object detection
        (2020), the records of its software. Apache-2.0.
    """
    check_choice(model, "model", tuple(CHECKSUMS))
    folder = "cifar100" if model.endswith("cifar-100") else "cifar10"
    name = f"{model}.npz"
    origin = f"examples/classification/records/{folder}/{name}"
    remote = repository_file(*REPOSITORY, origin, name, CHECKSUMS[model])
    (path,) = find_files(Source("calibration", "the calibration records", PAGE, (remote,)), root, download)
    probabilities, labels = _arrays(path)
    _check(path, probabilities, labels)
    return CalibrationRecords(torch.from_numpy(probabilities), torch.from_numpy(labels))


def _arrays(path: Path) -> tuple[np.ndarray, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as content:
            probabilities, labels = content["predictions"], content["ground_truth"]
    except FileNotFoundError:
        raise
    except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise BadFile(path, f"arrays predictions and ground_truth in NumPy's form were expected; {error}") from error
    if probabilities.dtype.kind != "f" or labels.dtype.kind not in "iu":
        raise BadFile(path, f"floats and whole numbers were expected; got {probabilities.dtype} and {labels.dtype}")
    return probabilities.astype(np.float32), labels.astype(np.int64)


def _check(path: Path, probabilities: np.ndarray, labels: np.ndarray) -> None:
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1]:
        raise BadFile(
            path, f"(N, K) predictions and (N,) labels were expected; got {probabilities.shape} and {labels.shape}"
        )
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise BadFile(path, "probabilities in 0..1 were expected; some are not")
    if not np.allclose(probabilities.sum(1, dtype=np.float64), 1, rtol=0, atol=SUM_TOLERANCE):
        raise BadFile(path, "rows of probabilities that add up to 1 were expected; some do not")
    if ((labels < 0) | (labels >= probabilities.shape[1])).any():
        raise BadFile(path, f"labels in 0..{probabilities.shape[1] - 1} were expected; some are not")
