"""COMPAS: risk scores of defendants in Broward County, and who was charged again within two years."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seeing.data.download import Source, find_files, repository_file
from seeing.data.files import BadRecord, OnBad, Refusals
from seeing.data.table import Cell, Table, between, day, number_or_nothing, one_of, read_table, whole

REPOSITORY = ("propublica/compas-analysis", "bafff5da3f2e45eca6c2d5055faad269defd135a")
PAGE = "https://github.com/propublica/compas-analysis"
GENERAL = "compas-scores-two-years.csv"
VIOLENT = "compas-scores-two-years-violent.csv"
CHECKSUMS = {
    GENERAL: "c451db85908b2f7fef1d83203bedf6b71ecda0d5af468d82ae62178f91d0cc7d",
    VIOLENT: "918e218ba181d4db8a7266977d23ca7a5ecf1bc7d5defd7b2f27bf3cbd9763e3",
}
CELLS: dict[str, Cell] = {
    "id": whole,
    "compas_screening_date": day,
    "sex": str,
    "age": whole,
    "age_cat": str,
    "race": str,
    "juv_fel_count": whole,
    "juv_misd_count": whole,
    "juv_other_count": whole,
    "priors_count": whole,
    "days_b_screening_arrest": number_or_nothing,
    "c_charge_degree": str,
    "is_recid": between(whole, -1, 1),
    "two_year_recid": between(whole, 0, 1),
}
SCORES: dict[str, Cell] = {"decile_score": between(whole, -1, 10), "score_text": one_of("Low", "Medium", "High", "N/A")}


@dataclass(frozen=True, eq=False)
class Compas(Table):
    """One row a defendant; the columns keep ProPublica's names. The names and birthdays of people are not read.

    Attributes:
        id: of the person.
        compas_screening_date: the day of the screening, datetime64[D]. After 2014-04-01, only those charged again are
            in the file.
        sex: "Female" or "Male".
        age: years.
        age_cat: "Less than 25", "25 - 45" or "Greater than 45".
        race: "African-American", "Caucasian", "Hispanic", "Other", "Asian" or "Native American".
        juv_fel_count: juvenile felonies.
        juv_misd_count: juvenile misdemeanours.
        juv_other_count: other juvenile charges.
        priors_count: earlier charges.
        days_b_screening_arrest: days from the screening to the arrest, NaN where unknown: far from 0, the charge may be
            another one.
        c_charge_degree: "F" for a felony, "M" for a misdemeanour.
        is_recid: 1 if charged again at any time.
        two_year_recid: 1 if charged again, or for the violent score charged with a violent crime, within two years: the
            outcome.
        decile_score: the risk score, 1 to 10.
        score_text: its band: "Low" (1 to 4), "Medium" (5 to 7) or "High".
        bad: what was left out, with `bad="skip"`.
    """

    id: np.ndarray
    compas_screening_date: np.ndarray
    sex: np.ndarray
    age: np.ndarray
    age_cat: np.ndarray
    race: np.ndarray
    juv_fel_count: np.ndarray
    juv_misd_count: np.ndarray
    juv_other_count: np.ndarray
    priors_count: np.ndarray
    days_b_screening_arrest: np.ndarray
    c_charge_degree: np.ndarray
    is_recid: np.ndarray
    two_year_recid: np.ndarray
    decile_score: np.ndarray
    score_text: np.ndarray
    bad: tuple[BadRecord, ...] = ()


def load_compas(
    root: str | Path | None = None,
    download: bool = True,
    *,
    violent: bool = False,
    published_filter: bool = False,
    bad: OnBad = "raise",
) -> Compas:
    """ProPublica's two-year scores: 7,214 defendants, or 4,743 for the violent score.

    About 2.5 MB are downloaded and checked against a recorded SHA-256.

    Args:
        root: the folder above `compas`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        violent: the score for violent crime, and whether one followed, instead of the general score.
        published_filter: keep only the 6,172 rows (4,020 violent) of ProPublica's regressions: arrested within 30 days
            of the screening, for no ordinary traffic offence, with a score and with a known outcome. Their
            confusion tables use all rows.
        bad: "skip" leaves out and lists in `bad` what is malformed; "raise" raises at the first.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if the file or an argument is bad.

    Source: Larson, Mattu, Kirchner and Angwin, How we analyzed the COMPAS recidivism algorithm (2016). No licence is
        stated: cite it, do not pass it on.
    """
    refusals = Refusals(bad)
    name = VIOLENT if violent else GENERAL
    source = Source("compas", "COMPAS", PAGE, (repository_file(*REPOSITORY, name, name, CHECKSUMS[name]),))
    (path,) = find_files(source, root, download)
    scores = {f"v_{key}" if violent else key: cell for key, cell in SCORES.items()}
    columns = read_table(path, {**CELLS, **scores}, refusals)
    table = Compas(**{key.removeprefix("v_"): column for key, column in columns.items()}, bad=tuple(refusals.records))
    return table.rows(_is_published(table)) if published_filter else table


def _is_published(table: Compas) -> np.ndarray:
    return (
        (np.abs(table.days_b_screening_arrest) <= 30)
        & (table.is_recid != -1)
        & (table.c_charge_degree != "O")
        & (table.score_text != "N/A")
    )
