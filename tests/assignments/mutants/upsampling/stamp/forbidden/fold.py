# one matrix product, then fold adds the overlaps for me
def stamp(x, weight, stride=1, padding=0):
    n, c, h, w = x.shape
    _, o, kh, kw = weight.shape
    columns = weight.flatten(1).T @ x.flatten(2)
    size = ((h - 1) * stride - 2 * padding + kh, (w - 1) * stride - 2 * padding + kw)
    return F.fold(columns, size, (kh, kw), padding=padding, stride=stride)
