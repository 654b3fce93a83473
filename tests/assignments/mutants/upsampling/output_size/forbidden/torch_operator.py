# the operator itself, once transposed and once not
def _length(n, k, s, p, d, transposed, o):
    x, w = torch.zeros(1, 1, n), torch.zeros(1, 1, k)
    return torch.ops.aten.convolution(x, w, None, [s], [p], [d], transposed, [o], 1).shape[-1]

def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return _length(n, k, s, p, d, True, o)

def rows_lost(n, k, s=1, p=0):
    m = _length(n, k, s, p, 1, False, 0)
    return n - conv_transpose_size(m, k, s, p)
