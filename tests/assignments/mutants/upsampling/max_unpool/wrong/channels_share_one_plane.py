# Flatten everything but the batch, add up, fold back. The index says where in the image.
def max_unpool(y, indices, height, width):
    n, c, h, w = y.shape
    out = y.new_zeros(n, c * height * width)
    out = out.scatter_add(1, indices.reshape(n, -1), y.reshape(n, -1))
    return out.reshape(n, c, height, width)
