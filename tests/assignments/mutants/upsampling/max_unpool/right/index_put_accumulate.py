# index_put_ with accumulate=True; broadcast the image and channel numbers over the windows
def max_unpool(y, indices, height, width):
    n, c, h, w = y.shape
    image = torch.arange(n)[:, None, None, None].expand_as(y)
    channel = torch.arange(c)[None, :, None, None].expand_as(y)
    out = torch.zeros(n, c, height, width, dtype=y.dtype)
    return out.index_put_((image, channel, indices // width, indices % width), y, accumulate=True)
