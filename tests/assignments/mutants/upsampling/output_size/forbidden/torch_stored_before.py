# names kept from before, the strings put together
_down = getattr(F, "conv" + "2d")
_up = getattr(F, "conv_" + "transpose2d")

def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return len(_up(torch.zeros(1, 1, n, 1), torch.zeros(1, 1, k, 1), None, (s, 1), (p, 0), (o, 0), 1, (d, 1))[0, 0])

def rows_lost(n, k, s=1, p=0):
    m = len(_down(torch.zeros(1, 1, n, 1), torch.zeros(1, 1, k, 1), None, (s, 1), (p, 0))[0, 0])
    return n - conv_transpose_size(m, k, s, p)
