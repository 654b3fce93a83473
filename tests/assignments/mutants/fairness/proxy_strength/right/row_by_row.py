# one row after the other, with its own scale and a sorted list of distances
def proxy_strength(table, attribute, fold):
    hits = {}
    for row, group, own in zip(table, attribute, fold):
        others = [j for j in range(len(table)) if fold[j] != own]
        scale = table[others].std(0)
        scale[scale == 0] = np.inf
        distances = [np.linalg.norm((row - table[j]) / scale) for j in others]
        told = attribute[others[int(np.argmin(distances))]]
        hits.setdefault(int(group), []).append(float(told == group))
    return sum(sum(h) / len(h) for h in hits.values()) / len(hits)
