# modulo of the difference, the other way round
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return (n - 1) * s - 2 * p + d * (k - 1) + o + 1

def rows_lost(n, k, s=1, p=0):
    return (k - n - 2 * p) % s
