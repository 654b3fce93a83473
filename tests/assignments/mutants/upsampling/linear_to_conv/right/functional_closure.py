# no layer needed: a function that remembers the kernels
def linear_to_conv(linear, channels, height, width):
    kernels = linear.weight.unflatten(1, (channels, height, width))
    return lambda maps: F.conv2d(maps, kernels, linear.bias)
