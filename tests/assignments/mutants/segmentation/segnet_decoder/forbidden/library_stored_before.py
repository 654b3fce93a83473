# stored in a partial before the test
import functools
import seeing.ops

_back = functools.partial(seeing.ops.max_unpool2d, kernel_size=2)

def segnet_decoder(x, written, blocks):
    for (indices, size), block in zip(written[::-1], blocks):
        x = block(_back(x, indices, output_size=tuple(size)))
    return x
