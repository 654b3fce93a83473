# one window after the other: kernel = window, stride = window
def classifier_map(head, features, height, width):
    x, window = features, (height, width)
    for layer in head:
        if isinstance(layer, nn.Linear):
            x = F.conv2d(x, layer.weight.view(layer.out_features, -1, *window), layer.bias, stride=window)
            window = (1, 1)
        elif not isinstance(layer, nn.Flatten):
            x = layer(x)
    return x
