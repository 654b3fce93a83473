# the layers know their sizes
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    layer = nn.ConvTranspose2d(1, 1, k, s, p, o, dilation=d)
    with torch.no_grad():
        return layer(torch.zeros(1, 1, n, n)).size(3)

def rows_lost(n, k, s=1, p=0):
    with torch.no_grad():
        y = nn.Conv2d(1, 1, k, s, p)(torch.zeros(1, 1, n, n))
    return n - conv_transpose_size(y.size(3), k, s, p)
