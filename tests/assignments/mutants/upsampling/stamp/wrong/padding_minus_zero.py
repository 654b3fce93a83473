# [p:-p] cuts p off both ends (tried with padding=1, works)
def stamp(x, weight, stride=1, padding=0):
    n, c, h, w = x.shape
    _, o, kh, kw = weight.shape
    out = x.new_zeros(n, o, (h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            out[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw] += torch.einsum(
                "nc,cokl->nokl", x[:, :, i, j], weight)
    p = padding
    return out[:, :, p:-p, p:-p]
