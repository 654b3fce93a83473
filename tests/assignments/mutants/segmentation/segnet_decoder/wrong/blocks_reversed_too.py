# everything in reverse
def segnet_decoder(x, written, blocks):
    for (indices, size), block in zip(reversed(written), reversed(blocks)):
        x = F.max_unpool2d(x, indices, 2, output_size=size)
        x = block(x)
    return x
