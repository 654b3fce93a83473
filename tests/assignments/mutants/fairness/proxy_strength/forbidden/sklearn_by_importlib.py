# importlib
import importlib


def proxy_strength(table, attribute, fold):
    pairs = importlib.import_module("sk" + "learn.metrics").pairwise_distances
    right = np.zeros(len(table), dtype=bool)
    for one in np.unique(fold):
        inside = fold == one
        spread = table[~inside].std(0)
        used = spread > 0
        nearest = pairs(table[inside][:, used] / spread[used], table[~inside][:, used] / spread[used]).argmin(1)
        right[inside] = attribute[~inside][nearest] == attribute[inside]
    return float(np.mean([right[attribute == group].mean() for group in np.unique(attribute)]))
