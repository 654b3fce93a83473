# stage 1's indices first, stage 2's then, as they were written
def segnet_decoder(x, written, blocks):
    for (indices, size), block in zip(written, blocks):
        x = block(F.max_unpool2d(x, indices, 2, output_size=size))
    return x
