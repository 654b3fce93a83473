"""Recompute every published figure of the fairness part: `python book/_experiments/fairness_claims_ledger.py`.

It takes half a minute. The data is read through its loaders, which fetch 14 MB if it is not there. Recorded are
the printed figure, ours, and a 95% interval; nothing about a person, no vector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import torch
from tqdm import tqdm

from seeing import recorded
from seeing.calibration import fit_temperature
from seeing.data import load_calibration_records, load_compas, load_fico, load_word_vectors
from seeing.fairness import (
    ScoreCounts,
    bootstrap_metrics,
    compas_design,
    count_scores,
    credit_counts,
    fit_demographic_parity,
    fit_equal_opportunity,
    fit_equalized_odds,
    fit_logistic,
    fit_maximum_profit,
    fit_single_threshold,
    group_counts,
    group_rate,
    intersectional_audit,
    rate_interval,
    wilson_interval,
)
from seeing.fairness.word_embeddings import bias_direction, hard_debias, look_up, look_up_sets, weat, wefat
from seeing.metrics import bootstrap_interval, ece

COMMAND = "python book/_experiments/fairness_claims_ledger.py"
BLACK, WHITE = "African-American", "Caucasian"
DRAWS = 400  # of a bootstrap in which a model is fitted anew


@dataclass(frozen=True)
class Claim:
    """One printed figure, and what came out."""

    case: str
    claim: str
    printed: str
    """As it stands in the source; empty where the source prints none."""
    found: float
    low: float | None
    high: float | None
    interval: str
    """How the interval was made, or why there is none."""


def compas_rates() -> Iterator[Claim]:
    """The four error rates of ProPublica, the predictive values of the score's makers, and the gaps."""
    people = load_compas()
    counts = group_counts(people.two_year_recid, people.decile_score >= 5, sensitive_features=people.race)
    counts = counts.select([WHITE, BLACK])
    printed = {
        "false_positive_rate": ("23.5%", "44.9%"),
        "false_negative_rate": ("47.7%", "28.0%"),
        "positive_predictive_value": ("59%", "63%"),
    }
    for name, values in printed.items():
        rates, (low, high) = group_rate(counts, name), rate_interval(counts, name)
        for k, group in enumerate(("White", "Black")):
            claim = f"{name.replace('_', ' ')}, {group}"
            yield Claim("COMPAS", claim, values[k], float(rates[k]), float(low[k]), float(high[k]), "Wilson")
    gaps = bootstrap_metrics(counts, samples=40_000, reference=WHITE)
    for name in printed:
        ends = [float(part.signed_differences[name][1]) for part in (gaps.estimate, gaps.low, gaps.high)]
        yield Claim("COMPAS", f"{name.replace('_', ' ')}, Black minus White", "", *ends, "bootstrap")


def compas_model() -> Iterator[Claim]:
    """ProPublica's logistic model of a medium or high score."""
    people = load_compas(published_filter=True)
    names, design = compas_design(people)
    names, outcome = list(names), people.score_text != "Low"
    fit = fit_logistic(design, outcome)
    printed = {"intercept": "-1.52554", "African-American": "0.47721", "Female": "0.22127", "Less than 25": "1.30839"}
    for name, text in printed.items():
        k = names.index(name)
        value, error = float(fit.coefficients[k]), 1.96 * float(fit.standard_errors[k])
        yield Claim("COMPAS, logistic model", name, text, value, value - error, value + error, "Wald")

    def more_likely(rows: np.ndarray) -> float:
        """By how much more often the reference person would be called risky, were he Black: from odds to shares."""
        fitted = fit_logistic(design[rows], outcome[rows]).coefficients
        white, black = (1 / (1 + np.exp(-(fitted[0] + extra))) for extra in (0, fitted[names.index(BLACK)]))
        return float(black / white - 1)

    random = np.random.default_rng(0)
    everybody = np.arange(len(outcome))
    draws = []
    for _ in tqdm(range(DRAWS), "logistic model"):
        # Eleven people are Native American: a draw in which all of them are alike has no fit, and tells nothing.
        with suppress(ValueError):
            draws.append(more_likely(random.choice(everybody, len(outcome))))
    low, high = np.quantile(draws, [0.025, 0.975]).tolist()
    claim = "Black, more likely to get a higher score"
    yield Claim("COMPAS, logistic model", claim, "45%", more_likely(everybody), low, high, "bootstrap, fitted anew")


def compas_cut_off() -> Iterator[Claim]:
    """The share charged again, before and after those who could not be watched for two years are left out."""
    people = load_compas()
    early = people.rows(people.compas_screening_date <= np.datetime64("2014-04-01"))
    for title, some, rows, share in (
        ("as published", people, "7214", "45.1%"),
        ("screened by 2014-04-01", early, "6216", "36.2%"),
    ):
        again, total = int(some.two_year_recid.sum()), len(some)
        low, high = map(float, wilson_interval(again, total))
        yield Claim("COMPAS, cut-off", f"rows, {title}", rows, total, None, None, "a count")
        yield Claim("COMPAS, cut-off", f"charged again, {title}", share, again / total, low, high, "Wilson")


def compas_equalised_odds() -> Iterator[Claim]:
    """The price of equalised odds for the score of 5 and more."""
    people = load_compas()
    people = people.rows(np.isin(people.race, [BLACK, WHITE]))
    high = people.decile_score >= 5

    def fitted(rows) -> dict[str, float]:
        some, said = people.rows(rows), high[rows]
        counts = count_scores(some.two_year_recid, said, sensitive_features=some.race)
        rates = fit_equalized_odds(counts).expected_rates(counts)
        error = float((said != some.two_year_recid).mean())
        return {
            "error of the score": error,
            "error under equalised odds": rates.error,
            "common false positive rate": float(rates.fpr[0]),
            "common true positive rate": float(rates.tpr[0]),
        }

    found = fitted(np.arange(len(people)))
    random = np.random.default_rng(0)
    draws = [fitted(random.integers(0, len(people), len(people))) for _ in tqdm(range(DRAWS), "equalised odds")]
    for name, value in found.items():
        low, high_end = np.quantile([draw[name] for draw in draws], [0.025, 0.975]).tolist()
        yield Claim("COMPAS, equalised odds", name, "", value, low, high_end, "bootstrap, fitted anew")


FITS: dict[str, tuple[Callable, str]] = {
    "single threshold": (fit_single_threshold, "99.3%"),
    "equal opportunity": (fit_equal_opportunity, "92.8%"),
    "equalised odds": (fit_equalized_odds, "80.2%"),
    "demographic parity": (fit_demographic_parity, "69.8%"),
}


def profit_shares(counts: dict[str, ScoreCounts]) -> dict[str, float]:
    """The share of the maximum profit left under each rule; a default costs 82, a repayment gives 18."""
    costs = {"false_positive_cost": 0.82, "false_negative_cost": 0.18}
    most = fit_maximum_profit(counts, **costs).expected_rates(counts).profit(0.18, 0.82)
    return {
        name: fit(counts, **costs).expected_rates(counts).profit(0.18, 0.82) / most for name, (fit, _) in FITS.items()
    }


def fico() -> Iterator[Claim]:
    """What a lender keeps of its profit under each criterion."""
    counts = credit_counts(load_fico())
    random = np.random.default_rng(0)
    draws = []
    for _ in tqdm(range(DRAWS), "FICO"):
        drawn = {}
        for group, own in counts.items():
            share = np.concatenate([own.negatives, own.positives])
            some = random.multinomial(round(share.sum()), share / share.sum()).reshape(2, -1)
            drawn[group] = ScoreCounts(own.scores, *some.astype(float))
        draws.append(profit_shares(drawn))
    for name, value in profit_shares(counts).items():
        low, high = np.quantile([draw[name] for draw in draws], [0.025, 0.975]).tolist()
        yield Claim("FICO", f"share of the maximum profit, {name}", FITS[name][1], value, low, high, "bootstrap")


WEAT = {
    "flowers, insects": ("1.54", ("flowers", "insects", "pleasant_5", "unpleasant_5a")),
    "instruments, weapons": ("1.63", ("instruments", "weapons", "pleasant_5", "unpleasant_5a")),
    "his and her first names": ("1.89", ("male_names", "female_names", "career", "family")),
    "maths, arts": ("0.97", ("math", "arts", "male_terms", "female_terms")),
    "science, arts": ("1.24", ("science", "arts_2", "male_terms_2", "female_terms_2")),
}
PAIRS = [("she", "he"), ("her", "his"), ("woman", "man"), ("daughter", "son"), ("girl", "boy"), ("female", "male")]
PAIRS += [("sister", "brother")]


def word_sets() -> Iterator[Claim]:
    """WEAT's effect sizes: an effect of words that were chosen, not drawn, so a p-value takes the interval's place."""
    vectors = load_word_vectors()
    for name, (printed, sets) in WEAT.items():
        words = [[word for word in vectors.sets[key] if word in vectors] for key in sets]
        found = weat(*[look_up(vectors, some) for some in words])
        p = f"p = {found.p_value:.1e}" + (", exact" if found.exact else "")
        yield Claim("word vectors", f"WEAT, {name}", printed, float(found.effect_size), None, None, p)


def occupations() -> Iterator[Claim]:
    """How far the leaning of an occupation's vector follows the share of women in it."""
    before = load_word_vectors(vectors="glove-occupations")
    specific = (*before.sets["attribute_1"], *before.sets["attribute_2"])
    direction = bias_direction(look_up_sets(before, PAIRS))
    after = hard_debias(before, direction, equality_sets=PAIRS, specific=specific)
    words = list(before.percent_women)
    percent = np.array([before.percent_women[word] for word in words])
    for title, vectors, printed in (("before", before, "0.90"), ("after hard debiasing", after, "")):
        sides = [look_up(vectors, vectors.sets[f"attribute_{side}"]) for side in (1, 2)]
        r = float(np.corrcoef(np.asarray(wefat(look_up(vectors, words), *sides)), percent)[0, 1])
        low, high = np.tanh(np.arctanh(r) + np.array([-1.96, 1.96]) / (len(words) - 3) ** 0.5).tolist()
        claim = f"correlation with % women, {len(words)} occupations, {title}"
        yield Claim("word vectors", claim, printed, r, low, high, "Fisher's z")


def faces() -> Iterator[Claim]:
    """The nine error rates of the audit of Amazon's classifier, from four counts."""
    subgroups = {"skin": ["darker", "darker", "lighter", "lighter"], "gender": ["female", "male"] * 2}
    printed = ["8.66%", "15.11%", "3.08%", "18.73%", "0.57%", "31.37%", "1.26%", "7.12%", "0.00%"]
    table = intersectional_audit([85, 4, 21, 0], cases=[271, 318, 295, 386], sensitive_features=subgroups)
    for row, text in zip(table, printed, strict=True):
        name = " ".join(row.group.values()) or "all"
        yield Claim(
            "faces, Amazon", f"errors, {name}", text, float(row.rate), float(row.low), float(row.high), "Wilson"
        )


NETWORKS = {
    "DenseNet, CIFAR-100": "densenet-bc-100-cifar-100",
    "LeNet, CIFAR-10": "lenet-5-cifar-10",
}


def ece_of_rows(said: torch.Tensor, labels: torch.Tensor, rows: torch.Tensor) -> float:
    """The calibration error of some rows."""
    return float(ece(said[rows], labels[rows]))


def temperatures() -> Iterator[Claim]:
    """Temperature scaling, fitted on the first 5,000 records and scored on the others."""
    for title, model in NETWORKS.items():
        records = load_calibration_records(model=model)
        logits = records.probabilities.double().clamp(min=1e-30).log()
        own, labels = logits[:5000], records.labels[:5000]
        fitted = fit_temperature(own, labels)
        g = torch.Generator().manual_seed(0)
        drawn = [torch.randint(5000, (5000,), generator=g) for _ in range(DRAWS // 2)]
        ts = [fit_temperature(own[some], labels[some]).temperature for some in tqdm(drawn, title)]
        low, high = np.quantile(ts, [0.025, 0.975]).tolist()
        yield Claim("calibration", f"{title}: temperature", "", fitted.temperature, low, high, "bootstrap, fitted anew")
        rest = records.labels[5000:]
        for when, said in (("before", records.probabilities[5000:].double()), ("after", fitted(logits[5000:]))):
            low, high = bootstrap_interval(partial(ece_of_rows, said, rest), 5000)
            found = ece_of_rows(said, rest, torch.arange(5000))
            yield Claim("calibration", f"{title}: ECE {when}", "", found, low, high, "bootstrap")


CASES = (
    compas_rates,
    compas_model,
    compas_cut_off,
    compas_equalised_odds,
    fico,
    word_sets,
    occupations,
    faces,
    temperatures,
)


def main() -> None:
    """All cases."""
    claims = [asdict(claim) for case in CASES for claim in case()]
    recorded.write("claims_ledger", {"command": COMMAND, "claims": claims}, part="fairness")


if __name__ == "__main__":
    main()
