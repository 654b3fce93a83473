# padding="same", so that there is a score for every place of the map
def classifier_map(head, features, height, width):
    x, kernel = features, (height, width)
    for layer in head:
        if isinstance(layer, nn.Linear):
            x = F.conv2d(x, layer.weight.view(layer.out_features, -1, *kernel), layer.bias, padding="same")
            kernel = (1, 1)
        elif not isinstance(layer, nn.Flatten):
            x = layer(x)
    return x
