# The padding is cut off again at the end, so it cancels.
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return (n - 1) * s - 2 * p + d * (k - 1) + 1 + o


def rows_lost(n, k, s=1, p=0):
    return (n - k) % s
