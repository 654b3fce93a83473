# kernel_size is (width, height), as image sizes usually are
def classifier_map(head, features, height, width):
    x, kernel = features, (width, height)
    for layer in head:
        if isinstance(layer, nn.Linear):
            x = F.conv2d(x, layer.weight.reshape(layer.out_features, -1, *kernel), layer.bias)
            kernel = (1, 1)
        elif not isinstance(layer, nn.Flatten):
            x = layer(x)
    return x
