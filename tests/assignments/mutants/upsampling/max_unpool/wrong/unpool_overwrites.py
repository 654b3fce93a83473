# scatter_ puts every value at its index, that is the definition of unpooling.
def max_unpool(y, indices, height, width):
    n, c = y.shape[:2]
    out = torch.zeros(n, c, height * width, dtype=y.dtype)
    out.scatter_(2, indices.view(n, c, -1), y.reshape(n, c, -1))
    return out.view(n, c, height, width)
