"""Made-up chest X-rays whose reader is known: it scores the sick of one group too low."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Findings:
    """What a model said of N patients and K findings, and what was there.

    Attributes:
        names: of the K findings.
        group: (N,) "served" or "underserved".
        present: (N, K) bool, what was there.
        scores: (N, K) in [0, 1], what the model said.
        fair_scores: (N, K), what it would have said had it scored both groups alike.
    """

    names: tuple[str, ...]
    group: np.ndarray
    present: np.ndarray
    scores: np.ndarray
    fair_scores: np.ndarray


def simulate_findings(
    count: int,
    *,
    prevalence: tuple[float, ...] = (0.3, 0.1, 0.2),
    offsets: tuple[float, ...] = (-1.0, -3.0, 1.0),
    separation: float = 2.5,
    shift: float = 0.8,
    underserved: float = 0.4,
    seed: int = 0,
) -> Findings:
    """Draw patients and scores.

    The evidence for finding k is normal with variance 1 around offset k + separation if it is there and around
    offset k - separation if not, both halved, less the shift if it is there and the patient is underserved. The
    score is its logistic. So at the score of evidence c the sensitivity is Phi(offset + separation / 2 - c) for the
    served and Phi(offset + separation / 2 - shift - c) for the underserved, and the specificity is equal.

    Args:
        count: number of patients N, at least 1.
        prevalence: P(finding k is there), K of them in (0, 1), the same for both groups.
        offsets: K numbers that push all scores of a finding up or down, as training on few or many positives does.
        separation: distance between the evidence with and without the finding.
        shift: how much lower the evidence lies for underserved patients who have the finding; 0 is fair.
        underserved: share of such patients, in (0, 1).
        seed: of the draws.

    Raises:
        ValueError: if a number is out of its range, or there are not as many offsets as prevalences.

    Source: the effect, but none of the numbers: Seyyed-Kalantari et al., Underdiagnosis bias of artificial
        intelligence algorithms applied to chest radiographs in under-served patient populations (2021).
    """
    shares = (*prevalence, underserved)
    if count < 1 or len(prevalence) != len(offsets) or not all(0 < share < 1 for share in shares):
        raise ValueError(
            "count >= 1, shares in (0, 1) and an offset for each prevalence were expected; "
            f"got count {count}, shares {shares} and {len(offsets)} offsets for {len(prevalence)} findings"
        )
    random = np.random.default_rng(seed)
    is_underserved = random.random(count) < underserved
    present = random.random((count, len(prevalence))) < prevalence
    fair = offsets + separation * (present - 0.5) + random.normal(size=present.shape)
    biased = fair - shift * (present & is_underserved[:, None])
    names = tuple(f"finding {index + 1}" for index in range(len(prevalence)))
    group = np.where(is_underserved, "underserved", "served")
    return Findings(names, group, present, _logistic(biased), _logistic(fair))


def _logistic(evidence: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-evidence))
