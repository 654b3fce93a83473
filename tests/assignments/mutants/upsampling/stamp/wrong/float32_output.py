# torch.zeros and go
def stamp(x, weight, stride=1, padding=0):
    n, c, h, w = x.shape
    c, o, kh, kw = weight.shape
    H, W = (h - 1) * stride + kh, (w - 1) * stride + kw
    out = torch.zeros(n, o, H, W)
    for i in range(h):
        for j in range(w):
            out[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw] += torch.tensordot(
                x[:, :, i, j], weight, dims=1)
    return out[:, :, padding:H - padding, padding:W - padding]
