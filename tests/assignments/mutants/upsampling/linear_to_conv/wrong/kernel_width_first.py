# kernel_size is (width, height), as image sizes usually are
def linear_to_conv(linear, channels, height, width):
    conv = nn.Conv2d(channels, linear.out_features, (width, height), bias=linear.bias is not None)
    weights = linear.weight.detach().clone().reshape(conv.weight.shape)
    state = {"weight": weights}
    if linear.bias is not None:
        state["bias"] = linear.bias.detach().clone()
    conv.load_state_dict(state)
    return conv
