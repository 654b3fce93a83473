# what is left over when the stride divides the map: n % s (checked with 7 and 6)
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    size = (n - 1) * s + 1
    size += d * (k - 1)
    size -= 2 * p
    size += o
    return size

def rows_lost(n, k, s=1, p=0):
    return n % s
