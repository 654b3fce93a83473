# stored once, at the top of the cell, with its arguments
import functools

_one = functools.partial(torch.nn.functional.max_unpool2d, stride=1)

def max_unpool(y, indices, height, width):
    out = torch.zeros(*y.shape[:2], height, width, dtype=y.dtype)
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            out = out + _one(y[:, :, i:i+1, j:j+1], indices[:, :, i:i+1, j:j+1], kernel_size=(height, width))
    return out
