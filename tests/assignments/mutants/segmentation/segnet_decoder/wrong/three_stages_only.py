# three stages, written out
def segnet_decoder(x, written, blocks):
    x = blocks[0](F.max_unpool2d(x, written[-1][0], 2, output_size=written[-1][1]))
    x = blocks[1](F.max_unpool2d(x, written[-2][0], 2, output_size=written[-2][1]))
    if len(written) >= 3:
        x = blocks[2](F.max_unpool2d(x, written[-3][0], 2, output_size=written[-3][1]))
    return x
