# The recursion size -> (size - 1) * stride + kernel, started at the image instead of at the output.
def receptive_field(layers):
    size, step = 1, 1
    for _, kernel, stride, dilation in layers:
        size = (size - 1) * stride + dilation * (kernel - 1) + 1
        step *= stride
    return size, step
