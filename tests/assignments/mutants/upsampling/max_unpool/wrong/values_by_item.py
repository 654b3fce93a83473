# plain numbers are easier to add than tensors: .item()
def max_unpool(y, indices, height, width):
    out = torch.zeros(y.shape[0], y.shape[1], height, width, dtype=y.dtype)
    for n in range(y.shape[0]):
        for c in range(y.shape[1]):
            for value, index in zip(y[n, c].flatten(), indices[n, c].flatten()):
                row, col = divmod(index.item(), width)
                out[n, c, row, col] += value.item()
    return out
