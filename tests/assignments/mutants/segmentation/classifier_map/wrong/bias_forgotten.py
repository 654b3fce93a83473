# The weights become kernels. A convolution has no more to it.
def classifier_map(head, features, height, width):
    x = features
    kernel = (height, width)
    for layer in head:
        if isinstance(layer, nn.Linear):
            kernels = layer.weight.unflatten(1, (x.shape[1],) + kernel)
            x = F.conv2d(x, kernels)
            kernel = (1, 1)
        elif not isinstance(layer, nn.Flatten):
            x = layer(x)
    return x
