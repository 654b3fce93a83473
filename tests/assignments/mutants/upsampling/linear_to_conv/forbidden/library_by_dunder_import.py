# __import__, and getattr on what it gives
def linear_to_conv(linear, channels, height, width):
    ops = getattr(__import__("seeing.ops"), "ops")
    return getattr(ops, "linear" + "_to_conv")(linear, (channels, height, width))
