# put the name together so that nobody finds it in my text
def max_unpool(y, indices, height, width):
    f = getattr(F, "max_" + "un" + "pool2d")
    n, c, h, w = y.shape
    values = y.reshape(n, c, h * w, 1, 1).transpose(1, 2).reshape(-1, c, 1, 1)
    places = indices.reshape(n, c, h * w, 1, 1).transpose(1, 2).reshape(-1, c, 1, 1)
    return f(values, places, (height, width)).reshape(n, h * w, c, height, width).sum(1)
