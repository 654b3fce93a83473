# += adds, so values for the same pixel add up
def max_unpool(y, indices, height, width):
    n, c, h, w = y.shape
    out = torch.zeros(n, c, height * width, dtype=y.dtype)
    image = torch.arange(n).view(n, 1, 1)
    channel = torch.arange(c).view(1, c, 1)
    out[image, channel, indices.flatten(2)] += y.flatten(2)
    return out.reshape(n, c, height, width)
