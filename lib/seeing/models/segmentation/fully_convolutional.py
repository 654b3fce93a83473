"""From a classifier of one window to a map of scores for all windows: the linear layers become convolutions."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from seeing.ops.convolution import linear_to_conv


def fully_convolutional(features: nn.Module, classifier: nn.Sequential, feature_shape: Sequence[int]) -> nn.Sequential:
    """The same network, for images of any size.

    On an image of the classifier's own size it gives the same scores, as a 1x1 map. On a larger one it gives a score
    for each window, a stride apart, for little more than the price of one: neighbouring windows share their features.
    The map equals the crop-by-crop answer exactly where `features` pads nothing. Padding shows each crop a border of
    zeros that the large image does not have.

    Args:
        features: from (N, 3, H, W) to (N, C, H', W').
        classifier: linear layers, with anything between them that acts on each number alone (ReLU, dropout); a
            `Flatten` is left out.
        feature_shape: (C, H', W') of `features` on an image of the classifier's own size.

    Returns:
        `features` itself and the converted layers, with copies of their parameters.

    Raises:
        ValueError: if the first linear layer does not take C H' W' numbers.

    Example:
        >>> features = nn.Conv2d(3, 4, 3, stride=2, padding=1)  # a classifier of 8 x 8 pixels
        >>> network = fully_convolutional(features, nn.Sequential(nn.Flatten(), nn.Linear(4 * 4 * 4, 10)), (4, 4, 4))
        >>> network(torch.zeros(1, 3, 8, 8)).shape, network(torch.zeros(1, 3, 32, 16)).shape
        (torch.Size([1, 10, 1, 1]), torch.Size([1, 10, 13, 5]))

    Source: Long, Shelhamer and Darrell, Fully convolutional networks for semantic segmentation (2015), section 3.1.
    """
    layers: list[nn.Module] = []
    shape = tuple(feature_shape)
    for layer in classifier:
        if isinstance(layer, nn.Linear):
            layers.append(linear_to_conv(layer, shape))
            shape = (layer.out_features, 1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(features, *layers)
