# the course's own library has it, with sums
from seeing.ops import max_unpool2d

def max_unpool(y, indices, height, width):
    kernel = (height - y.shape[2] + 1, width - y.shape[3] + 1)
    return max_unpool2d(y, indices, kernel, stride=1)
