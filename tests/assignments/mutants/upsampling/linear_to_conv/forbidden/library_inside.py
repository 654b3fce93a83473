# imported inside the function
def linear_to_conv(linear, channels, height, width):
    import seeing.ops
    return seeing.ops.linear_to_conv(linear, [channels, height, width])
