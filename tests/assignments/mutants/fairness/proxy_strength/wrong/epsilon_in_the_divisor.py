# a small number keeps the divisor away from zero
def proxy_strength(table, attribute, fold):
    right = np.zeros(len(table), dtype=bool)
    for one in np.unique(fold):
        inside = fold == one
        rest = table[~inside]
        mean, spread = rest.mean(0), rest.std(0) + 1e-12
        scaled, queries = (rest - mean) / spread, (table[inside] - mean) / spread
        nearest = ((queries[:, None] - scaled) ** 2).sum(2).argmin(1)
        right[inside] = attribute[~inside][nearest] == attribute[inside]
    return float(np.mean([right[attribute == group].mean() for group in np.unique(attribute)]))
