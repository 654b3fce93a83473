# the layer, one value at a time so that overlaps add
def max_unpool(y, indices, height, width):
    unpool = nn.MaxUnpool2d((height, width))
    out = torch.zeros(y.shape[0], y.shape[1], height, width, dtype=y.dtype)
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            out = out + unpool(y[:, :, i, j][..., None, None], indices[:, :, i, j][..., None, None])
    return out
