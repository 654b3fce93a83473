# windows that share a pixel share its value, so the sum is the value times the number of windows
def max_unpool(y, indices, height, width):
    N, C = y.shape[:2]
    where = indices.flatten(2)
    zeros = torch.zeros(N, C, height * width, dtype=y.dtype)
    value = zeros.scatter(2, where, y.flatten(2))
    count = zeros.scatter_add(2, where, torch.ones_like(y).flatten(2))
    return (value * count).reshape(N, C, height, width)
