# no copy needed: give the layers' own weights their new shape
def classifier_map(head, features, height, width):
    x, window = features, (height, width)
    for layer in head:
        if isinstance(layer, nn.Linear):
            layer.weight.data = layer.weight.data.view(layer.weight.shape[0], -1, *window)
            x = F.conv2d(x, layer.weight, layer.bias)
            window = (1, 1)
        elif not isinstance(layer, nn.Flatten):
            x = layer(x)
    return x
