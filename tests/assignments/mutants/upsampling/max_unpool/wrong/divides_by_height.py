# index -> row and column by dividing by the size of the map
def max_unpool(y, indices, height, width):
    N, C, h, w = y.shape
    out = torch.zeros((N, C, height, width), dtype=y.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(h):
                for j in range(w):
                    k = int(indices[n, c, i, j])
                    out[n, c, k // height, k % height] += y[n, c, i, j]
    return out
