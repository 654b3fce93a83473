# Unpool to twice the size, then add the row or column of zeros that is missing.
def segnet_decoder(x, written, blocks):
    for (indices, size), block in zip(written[::-1], blocks):
        x = F.max_unpool2d(x, indices, 2)
        x = F.pad(x, (0, size[1] - x.shape[3], 0, size[0] - x.shape[2]))
        x = block(x)
    return x
