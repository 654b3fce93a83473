# every window once: kernel = window, stride = window
def linear_to_conv(linear, channels, height, width):
    window = (height, width)
    conv = nn.Conv2d(channels, linear.out_features, window, stride=window, bias=(linear.bias is not None))
    with torch.no_grad():
        conv.weight.copy_(linear.weight.view(linear.out_features, channels, *window))
        if linear.bias is not None:
            conv.bias.copy_(linear.bias)
    return conv
