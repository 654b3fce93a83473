# what is behind the decimal point of the division, times the stride
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return (n - 1) * s - 2 * p + d * (k - 1) + o + 1

def rows_lost(n, k, s=1, p=0):
    windows = (n + 2 * p - k) / s
    return (windows - int(windows)) * s
