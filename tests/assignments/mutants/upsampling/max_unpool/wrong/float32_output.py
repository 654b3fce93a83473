# Networks work in float32, so that is what I return.
def max_unpool(y, indices, height, width):
    y = y.float()
    N, C = y.shape[0], y.shape[1]
    out = torch.zeros(N * C, height * width)
    out = out.scatter_add(1, indices.reshape(N * C, -1), y.reshape(N * C, -1))
    return out.reshape(N, C, height, width)
