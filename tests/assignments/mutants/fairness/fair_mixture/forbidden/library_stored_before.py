# stored before the test begins
import functools
import seeing.fairness.thresholds.equalized_odds as odds
import seeing.fairness.thresholds.score_counts as histograms


class _Kept:
    best_for_rate = staticmethod(functools.partial(odds.best_for_rate))
    convex_hull = staticmethod(functools.partial(odds.convex_hull))
    roc_curve = staticmethod(functools.partial(odds.roc_curve))
    fit_equalized_odds = staticmethod(functools.partial(odds.fit_equalized_odds))
    _mixture_at = staticmethod(functools.partial(odds._mixture_at))
    count_scores = staticmethod(functools.partial(histograms.count_scores))
    AcceptanceSteps = odds.AcceptanceSteps
    ScoreCounts = histograms.ScoreCounts


def counts_of(points, negatives, positives):
    return {
        g: _Kept.ScoreCounts([0, 1], [n * (1 - f), n * f], [p * (1 - t), p * t])
        for g, ((f, t), n, p) in enumerate(zip(points, negatives, positives))
    }


def fair_point(points, negatives, positives):
    counts = counts_of(points, negatives, positives)
    rates = _Kept.fit_equalized_odds(counts).expected_rates(counts)
    return float(rates.fpr[0]), float(rates.tpr[0])


def acceptance(points, target):
    rows = []
    for spread in counts_of(points, np.full(len(points), 1000), np.full(len(points), 1000)).values():
        hull = _Kept.best_for_rate(_Kept.convex_hull(_Kept.roc_curve(spread)), "fpr")
        rows.append(_Kept.AcceptanceSteps.from_mixture(*_Kept._mixture_at(hull, *target))(np.array([0.0, 1.0])))
    return np.array(rows)


def expected_rates(labels, predictions, group, probabilities):
    yes = probabilities[group, predictions]
    spread = {}
    for g in range(len(probabilities)):
        mine = group == g
        spread[g] = _Kept.count_scores(labels[mine], yes[mine], sensitive_features=np.zeros(mine.sum()))[0]
    return np.array(
        [[s.scores @ people / people.sum() for people in (s.negatives, s.positives)] for s in spread.values()]
    )
