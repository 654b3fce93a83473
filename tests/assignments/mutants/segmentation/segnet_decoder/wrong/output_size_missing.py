# unpooling doubles the size
def segnet_decoder(x, written, blocks):
    for (indices, size), block in zip(written[::-1], blocks):
        x = block(F.max_unpool2d(x, indices, 2))
    return x
