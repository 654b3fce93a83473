# importlib
def segnet_decoder(x, written, blocks):
    import importlib
    ops = importlib.import_module("seei" + "ng.ops")
    for (indices, size), block in zip(written[::-1], blocks):
        x = block(ops.max_unpool2d(x, indices, 2, output_size=tuple(size)))
    return x
