# torch overwrites where windows overlap, so I unpool one value at a time and add the maps.
def max_unpool(y, indices, height, width):
    out = 0
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            value, index = y[:, :, i:i+1, j:j+1], indices[:, :, i:i+1, j:j+1]
            out = out + F.max_unpool2d(value, index, kernel_size=(height, width))
    return out
