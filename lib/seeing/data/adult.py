"""Adult: who earned over 50,000 dollars a year, from the United States census of 1994."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seeing.data.download import Remote, Source, find_files
from seeing.data.files import BadRecord, OnBad, Refusals, check_choice
from seeing.data.table import Cell, Table, one_of, read_table, whole

FOLDER = "https://archive.ics.uci.edu/ml/machine-learning-databases/adult"
PAGE = "https://archive.ics.uci.edu/dataset/2/adult"
TRAIN = Remote(
    f"{FOLDER}/adult.data", "adult.data", sha256="5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"
)
TEST = Remote(
    f"{FOLDER}/adult.test", "adult.test", sha256="a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05"
)
SPLITS = {"train": (TRAIN,), "test": (TEST,), "all": (TRAIN, TEST)}
OVER, UNDER = ">50K", "<=50K"
INCOME = one_of(UNDER, OVER)
CELLS: dict[str, Cell] = {
    "age": whole,
    "workclass": str,
    "fnlwgt": whole,
    "education": str,
    "education_num": whole,
    "marital_status": str,
    "occupation": str,
    "relationship": str,
    "race": str,
    "sex": str,
    "capital_gain": whole,
    "capital_loss": whole,
    "hours_per_week": whole,
    "native_country": str,
    "income": lambda text: int(INCOME(text.removesuffix(".")) == OVER),
}


@dataclass(frozen=True, eq=False)
class Adult(Table):
    """One row a person. The text "?" stands where workclass, occupation or native_country is unknown.

    Attributes:
        age: years.
        workclass: who employs the person.
        fnlwgt: how many people of the population the row stands for.
        education: the highest level reached.
        education_num: the same as a number, 1 to 16.
        marital_status: as the census words it.
        occupation: the kind of work.
        relationship: to the head of the household.
        race: as the census words it.
        sex: "Female" or "Male".
        capital_gain: dollars.
        capital_loss: dollars.
        hours_per_week: of work.
        native_country: where the person was born.
        income: 1 for over 50,000 dollars, else 0: the outcome.
        bad: what was left out, with `bad="skip"`.
    """

    age: np.ndarray
    workclass: np.ndarray
    fnlwgt: np.ndarray
    education: np.ndarray
    education_num: np.ndarray
    marital_status: np.ndarray
    occupation: np.ndarray
    relationship: np.ndarray
    race: np.ndarray
    sex: np.ndarray
    capital_gain: np.ndarray
    capital_loss: np.ndarray
    hours_per_week: np.ndarray
    native_country: np.ndarray
    income: np.ndarray
    bad: tuple[BadRecord, ...] = ()

    def is_complete(self) -> np.ndarray:
        """True for the rows in which nothing is "?": 30,162 for training and 15,060 for testing."""
        return (self.workclass != "?") & (self.occupation != "?") & (self.native_country != "?")


def load_adult(
    root: str | Path | None = None, download: bool = True, *, split: str = "train", bad: OnBad = "raise"
) -> Adult:
    """The 32,561 people for training, the 16,281 for testing, or all 48,842 in that order.

    About 4 MB are downloaded and checked against a SHA-256 that several projects record for the UCI files.

    Args:
        root: the folder above `adult`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        split: "train", "test" or "all".
        bad: "skip" leaves out and lists in `bad` what is malformed; "raise" raises at the first.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if a file or an argument is bad.

    Source: Becker and Kohavi, Adult, UCI Machine Learning Repository (1996). CC BY 4.0.
    """
    check_choice(split, "split", tuple(SPLITS))
    refusals = Refusals(bad)
    paths = find_files(Source("adult", "Adult", PAGE, SPLITS[split]), root, download)
    parts = [read_table(path, CELLS, refusals, names=list(CELLS)) for path in paths]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in CELLS}
    return Adult(**columns, bad=tuple(refusals.records))
