# numpy and as many loops as it takes, straight from the definition
def stamp(x, weight, stride=1, padding=0):
    import numpy as np
    a, k = x.numpy(), weight.numpy()
    n, c, h, w = a.shape
    _, o, kh, kw = k.shape
    out = np.zeros((n, o, (h - 1) * stride + kh, (w - 1) * stride + kw), dtype=a.dtype)
    for ci in range(c):
        for co in range(o):
            for i in range(h):
                for j in range(w):
                    for b in range(n):
                        out[b, co, i*stride:i*stride+kh, j*stride:j*stride+kw] += a[b, ci, i, j] * k[ci, co]
    out = out[:, :, padding:out.shape[2]-padding, padding:out.shape[3]-padding]
    return torch.tensor(out)
