# If two windows both bring 150 the pixel was still 150, so take the mean of what arrives.
def max_unpool(y, indices, height, width):
    flat, where = y.flatten(2), indices.flatten(2)
    zeros = y.new_zeros(y.size(0), y.size(1), height * width)
    total = zeros.scatter_add(2, where, flat)
    count = zeros.scatter_add(2, where, torch.ones_like(flat))
    return (total / count.clamp(min=1)).unflatten(2, (height, width))
