# A dilated kernel is d times as long: d * k.
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return (n - 1) * s - 2 * p + d * k + o


def rows_lost(n, k, s=1, p=0):
    small = (n + 2 * p - k) // s + 1
    return n - conv_transpose_size(small, k, s, p)
