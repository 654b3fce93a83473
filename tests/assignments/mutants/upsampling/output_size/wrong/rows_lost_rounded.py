# number of windows, rounded, then back; negative numbers can't be right so I clip them at 0
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return (n - 1) * s - 2 * p + d * (k - 1) + o + 1

def rows_lost(n, k, s=1, p=0):
    m = round((n + 2 * p - k) / s) + 1
    return max(0, n - conv_transpose_size(m, k, s, p))
