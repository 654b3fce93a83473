# padding="same", so that there is an answer for every pixel of the map
def linear_to_conv(linear, channels, height, width):
    conv = nn.Conv2d(channels, linear.out_features, (height, width), padding="same", bias=linear.bias is not None)
    conv.weight.data[:] = linear.weight.data.reshape(conv.weight.shape)
    if linear.bias is not None:
        conv.bias.data[:] = linear.bias.data
    return conv
