# the library's own, under another name because mine is called the same
from seeing.ops import linear_to_conv as library_version

def linear_to_conv(linear, channels, height, width):
    return library_version(linear, (channels, height, width))
