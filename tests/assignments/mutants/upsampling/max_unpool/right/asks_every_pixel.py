# The other way round: every output pixel collects the values that name it.
def max_unpool(y, indices, height, width):
    rows = []
    for r in range(height):
        row = [(y * (indices == r * width + c)).sum(dim=(2, 3)) for c in range(width)]
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=-2)
