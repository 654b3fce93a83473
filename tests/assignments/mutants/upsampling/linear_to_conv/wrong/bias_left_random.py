# Copy the weights into a fresh convolution.
def linear_to_conv(linear, channels, height, width):
    conv = nn.Conv2d(channels, linear.out_features, (height, width))
    conv.weight = nn.Parameter(linear.weight.detach().view(-1, channels, height, width))
    return conv
