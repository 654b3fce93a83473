# imported inside
def counts_of(points, negatives, positives):
    import seeing.fairness.thresholds.equalized_odds as odds
    import seeing.fairness.thresholds.score_counts as histograms

    return {
        g: histograms.ScoreCounts([0, 1], [n * (1 - f), n * f], [p * (1 - t), p * t])
        for g, ((f, t), n, p) in enumerate(zip(points, negatives, positives))
    }


def fair_point(points, negatives, positives):
    import seeing.fairness.thresholds.equalized_odds as odds
    import seeing.fairness.thresholds.score_counts as histograms

    counts = counts_of(points, negatives, positives)
    rates = odds.fit_equalized_odds(counts).expected_rates(counts)
    return float(rates.fpr[0]), float(rates.tpr[0])


def acceptance(points, target):
    import seeing.fairness.thresholds.equalized_odds as odds
    import seeing.fairness.thresholds.score_counts as histograms

    rows = []
    for spread in counts_of(points, np.full(len(points), 1000), np.full(len(points), 1000)).values():
        hull = odds.best_for_rate(odds.convex_hull(odds.roc_curve(spread)), "fpr")
        rows.append(odds.AcceptanceSteps.from_mixture(*odds._mixture_at(hull, *target))(np.array([0.0, 1.0])))
    return np.array(rows)


def expected_rates(labels, predictions, group, probabilities):
    import seeing.fairness.thresholds.equalized_odds as odds
    import seeing.fairness.thresholds.score_counts as histograms

    yes = probabilities[group, predictions]
    spread = {}
    for g in range(len(probabilities)):
        mine = group == g
        spread[g] = histograms.count_scores(labels[mine], yes[mine], sensitive_features=np.zeros(mine.sum()))[0]
    return np.array(
        [[s.scores @ people / people.sum() for people in (s.negatives, s.positives)] for s in spread.values()]
    )
