# measure a thin volume instead
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    layer = nn.ConvTranspose3d(1, 1, (1, 1, k), (1, 1, s), (0, 0, p), (0, 0, o), dilation=(1, 1, d))
    return layer(torch.zeros(1, 1, 1, 1, n)).shape[-1]

def rows_lost(n, k, s=1, p=0):
    small = nn.Conv3d(1, 1, (1, 1, k), (1, 1, s), (0, 0, p))(torch.zeros(1, 1, 1, 1, n))
    return n - conv_transpose_size(small.shape[-1], k, s, p)
