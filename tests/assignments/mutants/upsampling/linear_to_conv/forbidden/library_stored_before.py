# stored with functools.partial before the test begins
import functools
import seeing.ops.convolution

_convert = functools.partial(seeing.ops.convolution.linear_to_conv)

def linear_to_conv(linear, channels, height, width):
    return _convert(linear, input_shape=(channels, height, width))
