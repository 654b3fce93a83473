# the library has the step for one layer
from seeing.ops import linear_to_conv

def classifier_map(head, features, height, width):
    x, shape = features, (features.shape[1], height, width)
    for layer in head:
        if isinstance(layer, nn.Linear):
            x = linear_to_conv(layer, shape)(x)
            shape = (layer.out_features, 1, 1)
        elif not isinstance(layer, nn.Flatten):
            x = layer(x)
    return x
