# add up what each layer sees
def receptive_field(layers):
    size, step = 0, 1
    for _, k, s, d in layers:
        size += (d * (k - 1) + 1) * step
        step *= s
    return max(size, 1), step
