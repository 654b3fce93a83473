# reverse the list, then go through both
def segnet_decoder(x, written, blocks):
    written.reverse()
    for (indices, size), block in zip(written, blocks):
        x = block(F.max_unpool2d(x, indices, 2, output_size=size))
    return x
