"""A prediction for every pixel from a network that steps over most of them: run it once for each shift of its step."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from seeing.arrays import takes_arrays
from seeing.ops.window import IntOrPair, pair


@takes_arrays("image")
def shift_and_stitch(network: Callable[[Tensor], Tensor], image: Tensor, stride: IntOrPair) -> Tensor:
    """The dense output of a strided network: stride x stride coarse outputs of shifted images, interlaced.

    This is the output of the same network with every stride 1 and every later window dilated instead ("a trous"),
    on the image with stride - 1 rows and columns of zeros added at the bottom and on the right. A network that pads
    inside sees its zeros around each shifted crop, so there the two agree only where no window reaches a border.

    Args:
        network: takes (N, C, H, W) and gives (N, K, h, w), one prediction every `stride` pixels. It must treat each
            image alone and give the same each time (`eval()` mode).
        image: (N, C, H, W).
        stride: the product of the strides of all layers, or one for each direction.

    Returns:
        (N, K, h stride, w stride). Entry (i, j) belongs to the window that starts i rows and j columns after the
        first one.

    Raises:
        ValueError: if image is not 4-dimensional, or the network's output is not.

    Example:
        >>> pooled = nn.AvgPool2d(2)
        >>> shift_and_stitch(pooled, torch.arange(6.0).expand(1, 1, 6, 6), stride=2)[0, 0, 0]  # past the end: 0
        tensor([0.5000, 1.5000, 2.5000, 3.5000, 4.5000, 2.5000])

    Source: Long et al., Fully convolutional networks (2015), section 3.2; Sermanet et al., OverFeat (2014), section
        3.4.
    """
    if image.dim() != 4:
        raise ValueError(f"image must be (N, C, H, W); got {tuple(image.shape)}")
    down, across = pair(stride, "stride", 1)
    height, width = image.shape[2:]
    padded = F.pad(image, (0, across - 1, 0, down - 1))
    outputs = [network(padded[..., i : i + height, j : j + width]) for i in range(down) for j in range(across)]
    if outputs[0].dim() != 4:
        raise ValueError(f"network must give (N, K, h, w); got {tuple(outputs[0].shape)}")
    n, k, rows, columns = outputs[0].shape
    shifts = torch.stack(outputs, dim=2).view(n, k, down, across, rows, columns)
    return shifts.permute(0, 1, 4, 2, 5, 3).reshape(n, k, rows * down, columns * across)
