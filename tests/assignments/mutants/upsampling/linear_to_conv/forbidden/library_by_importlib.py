# importlib with the name in two halves
import importlib

def linear_to_conv(linear, channels, height, width):
    module = importlib.import_module(".".join(["see" + "ing", "ops", "convolution"]))
    return module.linear_to_conv(linear, (channels, height, width))
