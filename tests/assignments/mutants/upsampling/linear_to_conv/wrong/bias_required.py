# weights and bias, both copied
def linear_to_conv(linear, channels, height, width):
    conv = nn.Conv2d(channels, linear.out_features, (height, width))
    conv.weight.data.copy_(linear.weight.data.view_as(conv.weight))
    conv.bias.data.copy_(linear.bias.data)
    return conv
