# two linear layers become two convolutions
def classifier_map(head, features, height, width):
    linears = [layer for layer in head if isinstance(layer, nn.Linear)]
    x = F.conv2d(features, linears[0].weight.view(-1, features.shape[1], height, width), linears[0].bias)
    for layer in linears[1:]:
        x = F.conv2d(x, layer.weight[:, :, None, None], layer.bias)
    return x
