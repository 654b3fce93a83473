# A linear layer computes W x, a convolution goes over the inputs first, so the weights have to be transposed.
def linear_to_conv(linear, channels, height, width):
    out = linear.out_features
    conv = nn.Conv2d(channels, out, kernel_size=(height, width), bias=linear.bias is not None)
    with torch.no_grad():
        conv.weight.copy_(linear.weight.T.reshape(out, channels, height, width))
        if linear.bias is not None:
            conv.bias.copy_(linear.bias)
    return conv
