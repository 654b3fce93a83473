"""FICO: how credit scores are distributed in four groups, and how often people of each score fail to repay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seeing.data.download import Source, find_files, repository_file
from seeing.data.files import BadFile, Refusals
from seeing.data.table import between, number, read_table, whole

REPOSITORY = ("fairmlbook/fairmlbook.github.io", "eb8a58b0a5b39c73803565e32ab4695ebed33702")
CHECKSUMS = {
    "transrisk_cdf_by_race_ssa.csv": "04c9691aa4b9fad43cc9722bc35a7d3f3f02ae1d724d49ae9d3bbe153f5b4f67",
    "transrisk_performance_by_race_ssa.csv": "77af654ac4173978c3cdb3a9186becb12ec35666d9e34e5b666a6a3972692ff9",
    "totals.csv": "60ba4af53f9e61dedad3a5c4246390e666760e7552c98b08084dd3abf6b73f13",
}
SOURCE = Source(
    "fico",
    "FICO scores",
    "https://github.com/fairmlbook/fairmlbook.github.io",
    tuple(repository_file(*REPOSITORY, f"code/creditscore/data/{name}", name, s) for name, s in CHECKSUMS.items()),
)
GROUPS = {"White": "Non- Hispanic white", "Black": "Black", "Hispanic": "Hispanic", "Asian": "Asian"}


@dataclass(frozen=True, eq=False)
class Fico:
    """Tables of 198 scores by 4 groups.

    Attributes:
        groups: the groups of the columns: White (not Hispanic), Black, Hispanic, Asian.
        scores: (198,) the TransRisk score, rising from 0 to 100: the share of all people with a lower one, in percent.
        cdf: (198, 4) in [0, 1]: the share of a group with at most this score.
        default_rate: (198, 4) in [0, 1]: the share of people of this group and score who fail to repay; FICO's
            "performance".
        totals: (4,) int64: people in each group.
    """

    groups: tuple[str, ...]
    scores: np.ndarray
    cdf: np.ndarray
    default_rate: np.ndarray
    totals: np.ndarray


def load_fico(root: str | Path | None = None, download: bool = True) -> Fico:
    """The TransRisk scores of 174,047 people by race, as the Federal Reserve published them.

    About 11 kB are downloaded and checked against recorded SHA-256 sums.

    Args:
        root: the folder above `fico`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if a file is bad, for instance if a distribution falls or the files differ in their scores.

    Source: Board of Governors of the Federal Reserve, Report to the Congress on credit scoring (2007); as numbers:
        Hardt, Price and Srebro, Equality of opportunity in supervised learning (2016), and fairmlbook.org. No
        licence is stated: cite it, do not pass it on.
    """
    cdf_file, performance_file, totals_file = find_files(SOURCE, root, download)
    scores, cdf = _percentages(cdf_file)
    same_scores, default_rate = _percentages(performance_file)
    if not np.array_equal(scores, same_scores):
        raise BadFile(performance_file, f"the scores of {cdf_file} were expected; got others")
    for values, what in ((scores[:, None], "scores"), (cdf, "distributions")):
        if (np.diff(values, axis=0) < 0).any():
            raise BadFile(cdf_file, f"{what} that rise were expected; they fall somewhere")
    totals = read_table(totals_file, dict.fromkeys(GROUPS.values(), whole), Refusals("raise"))
    return Fico(tuple(GROUPS), scores, cdf, default_rate, np.concatenate([totals[n][:1] for n in GROUPS.values()]))


def _percentages(path: Path) -> tuple[np.ndarray, np.ndarray]:
    percent = between(number, 0, 100)
    columns = read_table(path, {"Score": number, **dict.fromkeys(GROUPS.values(), percent)}, Refusals("raise"))
    return columns["Score"], np.stack([columns[name] for name in GROUPS.values()], axis=1) / 100
