# the first layer as a convolution; from then on Linear itself works, on the last axis of (N, h, w, channels)
def classifier_map(head, features, height, width):
    layers = [one for one in head if not isinstance(one, nn.Flatten)]
    first = layers.pop(0)
    conv = nn.Conv2d(features.shape[1], first.out_features, (height, width), bias=first.bias is not None)
    conv.load_state_dict({k: v.reshape(dict(conv.named_parameters())[k].shape) for k, v in first.state_dict().items()})
    x = conv(features).movedim(1, -1)
    for layer in layers:
        x = layer(x)
    return x.movedim(-1, 1)
