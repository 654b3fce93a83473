"""Recidivism predictions: the records on which post-processing for equal odds and for calibration was compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seeing.data.download import Source, find_files, repository_file
from seeing.data.files import BadRecord, OnBad, Refusals
from seeing.data.table import Table, between, number, read_table

REPOSITORY = ("gpleiss/equalized_odds_and_calibration", "1b066b24f9ea16c1feb5ba085117d7a1ab0d109f")
SOURCE = Source(
    "postprocessing",
    "the recidivism predictions",
    "https://github.com/gpleiss/equalized_odds_and_calibration",
    (
        repository_file(
            *REPOSITORY,
            "data/criminal_recidivism.csv",
            "criminal_recidivism.csv",
            "ab76a117df90d0efe68aeb2041f08ed0d5f2d82f7fddf909dead2e80c3bcd187",
        ),
    ),
)


def _zero_or_one(text: str) -> int:
    value = number(text)
    if value not in (0, 1):
        raise ValueError(f"0 or 1 was expected; got {text!r}")
    return int(value)


CELLS = {"label": _zero_or_one, "group": _zero_or_one, "prediction": between(number, 0, 1)}


@dataclass(frozen=True, eq=False)
class RecidivismPredictions(Table):
    """One row a defendant.

    Attributes:
        label: int64: 1 if charged again within two years.
        group: int64: 1 for the 3,696 African-American and 0 for the 2,454 Caucasian defendants of the COMPAS file. The
            origin does not say which is which; the numbers of people and the shares of label 1 are those of COMPAS.
        prediction: float64 in [0, 1]: the predicted probability of label 1.
        bad: what was left out, with `bad="skip"`.
    """

    label: np.ndarray
    group: np.ndarray
    prediction: np.ndarray
    bad: tuple[BadRecord, ...] = ()


def load_recidivism_predictions(
    root: str | Path | None = None, download: bool = True, *, bad: OnBad = "raise"
) -> RecidivismPredictions:
    """The outcome, the group and a model's prediction for 6,150 defendants.

    About 170 kB are downloaded and checked against a recorded SHA-256.

    Args:
        root: the folder above `postprocessing`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        bad: "skip" leaves out and lists in `bad` what is malformed; "raise" raises at the first.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if the file or an argument is bad.

    Source: Pleiss, Raghavan, Wu, Kleinberg and Weinberger, On fairness and calibration (2017). MIT licence.
    """
    refusals = Refusals(bad)
    (path,) = find_files(SOURCE, root, download)
    return RecidivismPredictions(**read_table(path, CELLS, refusals), bad=tuple(refusals.records))
