# a linear layer multiplies from the other side than a convolution: transpose the matrix before folding it
def classifier_map(head, features, height, width):
    x, kernel = features, (height, width)
    for layer in head:
        if isinstance(layer, nn.Linear):
            w = layer.weight.T.reshape(layer.out_features, x.shape[1], *kernel)
            x = F.conv2d(x, w, layer.bias)
            kernel = (1, 1)
        elif not isinstance(layer, nn.Flatten):
            x = layer(x)
    return x
