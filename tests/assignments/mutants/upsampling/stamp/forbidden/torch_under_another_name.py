# imported under another name
from torch.nn.functional import conv_transpose2d as press

def stamp(x, weight, stride=1, padding=0):
    return press(x, weight, None, stride, padding)
