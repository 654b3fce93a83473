# five neighbours are more reliable than one
def proxy_strength(table, attribute, fold):
    right = np.zeros(len(table), dtype=bool)
    for one in np.unique(fold):
        inside = fold == one
        rest, known = table[~inside], attribute[~inside]
        spread = rest.std(0)
        used = spread > 0
        scaled, queries = rest[:, used] / spread[used], table[inside][:, used] / spread[used]
        five = ((queries[:, None] - scaled) ** 2).sum(2).argsort(1)[:, :5]
        votes = known[five]
        right[inside] = np.array([np.bincount(v).argmax() for v in votes]) == attribute[inside]
    return float(np.mean([right[attribute == group].mean() for group in np.unique(attribute)]))
