# from the output back to the image: n outputs need (n - 1) * s + d * (k - 1) + 1 inputs
def receptive_field(layers):
    def needed(outputs):
        for _, kernel, stride, dilation in reversed(layers):
            outputs = (outputs - 1) * stride + dilation * (kernel - 1) + 1
        return outputs

    return needed(1), needed(2) - needed(1)
