# The stride makes the output larger, so I pull the kernel apart by it.
def stamp(x, weight, stride=1, padding=0):
    N, C, H, W = x.shape
    C, O, kH, kW = weight.shape
    out = x.new_zeros(N, O, H + (kH - 1) * stride, W + (kW - 1) * stride)
    for a in range(kH):
        for b in range(kW):
            contribution = torch.einsum("nchw,co->nohw", x, weight[:, :, a, b])
            out[:, :, a * stride:a * stride + H, b * stride:b * stride + W] += contribution
    return out[:, :, padding:out.size(2) - padding, padding:out.size(3) - padding]
