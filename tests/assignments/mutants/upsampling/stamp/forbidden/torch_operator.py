# the general convolution operator has a switch "transposed"
def stamp(x, weight, stride=1, padding=0):
    s, p = [stride, stride], [padding, padding]
    return torch.ops.aten.convolution(x, weight, None, s, p, [1, 1], True, [0, 0], 1)
