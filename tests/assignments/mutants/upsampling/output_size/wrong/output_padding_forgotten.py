# five of the six letters made it into the formula
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    kernel_size = d * (k - 1) + 1
    return s * (n - 1) + kernel_size - 2 * p

def rows_lost(n, k, s=1, p=0):
    return (n + 2*p - k) % s
