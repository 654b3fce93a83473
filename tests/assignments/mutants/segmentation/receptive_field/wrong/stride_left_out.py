# every layer adds kernel - 1 pixels
def receptive_field(layers):
    size, step = 1, 1
    for kind, kernel, stride, dilation in layers:
        size += dilation * (kernel - 1)
        step *= stride
    return size, step
