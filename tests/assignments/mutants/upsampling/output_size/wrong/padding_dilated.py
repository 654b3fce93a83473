# dilation spreads everything, so it must spread the padding too
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return (n - 1) * s + d * (k - 1 - 2 * p) + 1 + o


def rows_lost(n, k, s=1, p=0):
    return (n + 2 * p - k) % s
