# literally: which pixels do outputs 0 and 1 look at?
def receptive_field(layers):
    def pixels(output):
        seen = {output}
        for kind, kernel, stride, dilation in layers[::-1]:
            seen = {place * stride + tap * dilation for place in seen for tap in range(kernel)}
        return seen

    zero, one = pixels(0), pixels(1)
    return max(zero) - min(zero) + 1, min(one) - min(zero)
