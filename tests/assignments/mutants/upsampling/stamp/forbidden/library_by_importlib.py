# importlib, at the last moment
def stamp(x, weight, stride=1, padding=0):
    from importlib import import_module
    return import_module("seeing.ops").conv_transpose2d(x, weight, None, stride, padding)
