# convolutions keep the size, so only poolings change the step
def receptive_field(layers):
    size, step = 1, 1
    for kind, kernel, stride, dilation in layers:
        size += dilation * (kernel - 1) * step
        if kind == "pool":
            step *= stride
    return size, step
