# Enlarging is enlarging, and interpolate takes any size.
def segnet_decoder(x, written, blocks):
    for (_, size), block in zip(written[::-1], blocks):
        x = block(F.interpolate(x, size=tuple(size)))
    return x
