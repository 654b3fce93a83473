# "a fully connected layer is a 1x1 convolution": flatten, then a 1x1 convolution over in_features channels
def linear_to_conv(linear, channels, height, width):
    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    with torch.no_grad():
        conv.weight.copy_(linear.weight[:, :, None, None])
        if linear.bias is not None:
            conv.bias.copy_(linear.bias)
    return nn.Sequential(nn.AdaptiveAvgPool2d((height, width)), nn.Flatten(), nn.Unflatten(1, (-1, 1, 1)), conv)
