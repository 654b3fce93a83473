# put the taps on a line and see how far they reach; slide a window until it no longer fits
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    touched = {stamp * s + tap * d for stamp in range(n) for tap in range(k)}
    return max(touched) + 1 - p - p + o


def rows_lost(n, k, s=1, p=0):
    start, end = 0, 0
    while start + k <= n + 2 * p:
        end = start + k
        start += s
    return n + 2 * p - end
