# fold the weights to (out, H, W, C) like an image, then move the channels to the front
def linear_to_conv(linear, channels, height, width):
    conv = nn.Conv2d(channels, linear.out_features, (height, width), bias=linear.bias is not None)
    w = linear.weight.detach().reshape(linear.out_features, height, width, channels)
    conv.weight.data = w.permute(0, 3, 1, 2)
    if linear.bias is not None:
        conv.bias.data = linear.bias.detach().clone()
    return conv
