# forward formula, then backward formula, then the difference
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    first_stamp = d * (k - 1) + 1
    other_stamps = (n - 1) * s
    return first_stamp + other_stamps - 2 * p + o


def rows_lost(n, k, s=1, p=0):
    m = (n + 2 * p - k) // s + 1
    back = conv_transpose_size(m, k, s, p)
    return n - back
