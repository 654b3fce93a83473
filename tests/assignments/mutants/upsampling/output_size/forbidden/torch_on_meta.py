# tensors on the meta device have shapes but no numbers, so this is almost arithmetic
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    x, w = torch.empty(1, 1, n, n, device="meta"), torch.empty(1, 1, k, k, device="meta")
    return torch.conv_transpose2d(x, w, None, s, p, o, 1, d).shape[2]

def rows_lost(n, k, s=1, p=0):
    x, w = torch.empty(1, 1, n, n, device="meta"), torch.empty(1, 1, k, k, device="meta")
    return n - conv_transpose_size(torch.conv2d(x, w, None, s, p).shape[2], k, s, p)
