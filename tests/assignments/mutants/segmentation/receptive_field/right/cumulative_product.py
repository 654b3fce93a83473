# size = 1 + sum of reach * (product of the strides before)
from itertools import accumulate
from operator import mul

def receptive_field(layers):
    steps = list(accumulate((stride for _, _, stride, _ in layers), mul, initial=1))
    return 1 + sum(d * (k - 1) * before for (_, k, _, d), before in zip(layers, steps)), steps[-1]
