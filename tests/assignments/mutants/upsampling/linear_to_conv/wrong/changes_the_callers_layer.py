# no need for a copy: give the layer's own weight another shape and hand it over
def linear_to_conv(linear, channels, height, width):
    linear.weight.data = linear.weight.data.view(linear.out_features, channels, height, width)
    conv = nn.Conv2d(channels, linear.out_features, (height, width))
    conv.weight, conv.bias = linear.weight, linear.bias
    return conv
