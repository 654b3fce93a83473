# imported inside
def segnet_decoder(x, written, blocks):
    from seeing.ops.pooling import max_unpool2d as put_back
    for (indices, size), block in zip(written[::-1], blocks):
        x = block(put_back(x, indices, 2, output_size=tuple(size)))
    return x
