# dicts of lists; a mean of nothing is caught as a division by zero
def odds_gap(labels, decisions, groups):
    cases = {}
    for y, d, g in zip(labels.tolist(), decisions.tolist(), groups.tolist()):
        cases.setdefault(g, ([], []))[y].append(d)
    largest = 0.0
    for y in (0, 1):
        try:
            rates = sorted(sum(both[y]) / len(both[y]) for both in cases.values())
        except ZeroDivisionError:
            return float("nan")
        largest = max(largest, rates[-1] - rates[0])
    return largest
