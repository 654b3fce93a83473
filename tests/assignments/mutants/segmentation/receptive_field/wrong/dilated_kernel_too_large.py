# a kernel of k with dilation d is as large as a kernel of k * d
def receptive_field(layers):
    size, step = 1, 1
    for _, kernel, stride, dilation in layers:
        size += (kernel * dilation - 1) * step
        step *= stride
    return size, step
