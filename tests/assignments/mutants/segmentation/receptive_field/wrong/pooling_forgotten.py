# Pooling has no weights: it halves the map, and sees nothing new.
def receptive_field(layers):
    size, step = 1, 1
    for kind, kernel, stride, dilation in layers:
        if kind == "conv":
            size += dilation * (kernel - 1) * step
        step *= stride
    return size, step
