# the output size formula from the convolution page, d and all
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return (n + 2 * p - d * (k - 1) - 1) // s + 1 + o

def rows_lost(n, k, s=1, p=0):
    return (n + 2 * p - k) % s
