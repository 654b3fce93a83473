# view(..., width, height): x comes before y
def max_unpool(y, indices, height, width):
    b, ch = y.shape[0], y.shape[1]
    out = torch.zeros(b, ch, width * height, dtype=y.dtype)
    out = torch.scatter_add(out, 2, indices.flatten(start_dim=2), y.flatten(start_dim=2))
    return out.view(b, ch, width, height)
