# a 3x3 kernel has 3x3 taps, dilated or not
def receptive_field(layers):
    size, step = 1, 1
    for kind, kernel, stride, _ in layers:
        size += (kernel - 1) * step
        step *= stride
    return size, step
