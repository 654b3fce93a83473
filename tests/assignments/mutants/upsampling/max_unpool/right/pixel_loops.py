# One value after the other. Slow but I understand it.
def max_unpool(y, indices, height, width):
    N, C, h, w = y.shape
    out = torch.zeros(N, C, height, width, dtype=y.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(h):
                for j in range(w):
                    index = indices[n, c, i, j].item()
                    row = index // width
                    col = index % width
                    out[n, c, row, col] = out[n, c, row, col] + y[n, c, i, j]
    return out
