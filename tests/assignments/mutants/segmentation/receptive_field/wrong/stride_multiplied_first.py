# update the step, then the size
def receptive_field(layers):
    size = step = 1
    for _, k, s, d in layers:
        step *= s
        size += d * (k - 1) * step
    return size, step
