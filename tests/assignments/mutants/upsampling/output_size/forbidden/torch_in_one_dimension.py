# one axis is enough to measure: conv1d
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return F.conv_transpose1d(torch.zeros(1, 1, n), torch.zeros(1, 1, k), None, s, p, o, 1, d).shape[-1]

def rows_lost(n, k, s=1, p=0):
    small = F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, k), None, s, p)
    return n - conv_transpose_size(small.shape[-1], k, s, p)
