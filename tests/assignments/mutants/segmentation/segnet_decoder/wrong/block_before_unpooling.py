# convolve, then enlarge, as U-Net's up-convolutions do
def segnet_decoder(x, written, blocks):
    for (indices, size), block in zip(reversed(written), blocks):
        x = F.max_unpool2d(block(x), indices, 2, output_size=size)
    return x
