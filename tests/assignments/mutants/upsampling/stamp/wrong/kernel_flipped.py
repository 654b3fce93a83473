# Insert zeros between the pixels, pad, and convolve: a transposed convolution is a convolution of that.
def stamp(x, weight, stride=1, padding=0):
    n, c, h, w = x.shape
    kh, kw = weight.shape[2:]
    spread = torch.zeros(n, c, (h - 1) * stride + 1, (w - 1) * stride + 1, dtype=x.dtype)
    spread[:, :, ::stride, ::stride] = x
    out = F.conv2d(spread, weight.transpose(0, 1), padding=(kh - 1, kw - 1))
    return out[:, :, padding:out.shape[2] - padding, padding:out.shape[3] - padding]
