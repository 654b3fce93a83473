"""Operations on images and feature maps, named and ordered as torch and torchvision have them."""

from seeing.ops.convolution import bilinear_kernel, conv2d, conv_transpose2d, linear_to_conv
from seeing.ops.pooling import max_pool2d_with_indices, max_unpool2d
from seeing.ops.window import conv_output_size, conv_transpose_output_size

__all__ = [
    "bilinear_kernel",
    "conv2d",
    "conv_output_size",
    "conv_transpose2d",
    "conv_transpose_output_size",
    "linear_to_conv",
    "max_pool2d_with_indices",
    "max_unpool2d",
]
