# invert the convolution's formula by trying sizes: the smallest map that shrinks to n is the answer
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    size = 0
    while (size + 2 * p - d * (k - 1) - 1) // s + 1 < n:
        size += 1
    # if the padding is larger than the map needs, sizes below 0 would do as well
    while (size - 1 + 2 * p - d * (k - 1) - 1) // s + 1 >= n:
        size -= 1
    return size + o


def rows_lost(n, k, s=1, p=0):
    windows = len(range(0, n + 2 * p - k + 1, s))
    for lost in range(s):
        if conv_transpose_size(windows, k, s, p, o=lost) == n:
            return lost
