# zeros between the pixels, then an ordinary convolution with the kernel turned by 180 degrees
def stamp(x, weight, stride=1, padding=0):
    n, c, h, w = x.shape
    kh, kw = weight.shape[2:]
    holes = x.new_zeros(n, c, (h - 1) * stride + 1, (w - 1) * stride + 1)
    holes[:, :, ::stride, ::stride] = x
    turned = weight.flip(2, 3).transpose(0, 1)
    full = F.conv2d(holes, turned, padding=(kh - 1, kw - 1))
    return full[:, :, padding:full.shape[2] - padding, padding:full.shape[3] - padding]
