# a tree of scipy, kept before the test begins
import functools
import scipy.spatial

_tree = functools.partial(scipy.spatial.KDTree)


def proxy_strength(table, attribute, fold):
    right = np.zeros(len(table), dtype=bool)
    for one in np.unique(fold):
        inside = fold == one
        spread = table[~inside].std(0)
        used = spread > 0
        nearest = _tree(table[~inside][:, used] / spread[used]).query(table[inside][:, used] / spread[used])[1]
        right[inside] = attribute[~inside][nearest] == attribute[inside]
    return float(np.mean([right[attribute == group].mean() for group in np.unique(attribute)]))
