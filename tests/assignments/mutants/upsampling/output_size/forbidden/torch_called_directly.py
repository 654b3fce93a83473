# run it on zeros and read the shape
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    out = F.conv_transpose2d(torch.zeros(1, 1, n, n), torch.zeros(1, 1, k, k), None, s, p, o, 1, d)
    return out.shape[-1]

def rows_lost(n, k, s=1, p=0):
    small = F.conv2d(torch.zeros(1, 1, n, n), torch.zeros(1, 1, k, k), None, s, p)
    return n - conv_transpose_size(small.shape[-1], k, s, p)
