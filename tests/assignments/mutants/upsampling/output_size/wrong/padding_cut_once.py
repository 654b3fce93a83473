# The padding takes p pixels away.
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return (n - 1) * s + d * (k - 1) + 1 - p + o


def rows_lost(n, k, s=1, p=0):
    places = (n + 2 * p - k) // s
    return n + 2 * p - k - places * s
