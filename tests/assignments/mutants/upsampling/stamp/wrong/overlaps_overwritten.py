# press every stamp where it belongs
def stamp(x, weight, stride=1, padding=0):
    N, C, H, W = x.shape
    _, O, kH, kW = weight.shape
    out = torch.zeros(N, O, (H - 1) * stride + kH, (W - 1) * stride + kW, dtype=x.dtype)
    for i in range(H):
        for j in range(W):
            s = torch.einsum("nc,cokl->nokl", x[:, :, i, j], weight)
            out[:, :, i * stride:i * stride + kH, j * stride:j * stride + kW] = s
    return out[:, :, padding:out.shape[2] - padding, padding:out.shape[3] - padding]
