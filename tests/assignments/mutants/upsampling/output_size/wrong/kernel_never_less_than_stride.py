# found online for another library: n * s + max(k - s, 0)
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    k = d * (k - 1) + 1
    return n * s + max(k - s, 0) - 2 * p + o

def rows_lost(n, k, s=1, p=0):
    return (n + 2 * p - k) % s
