# seeing.ops.window has both formulas
from seeing.ops.window import conv_output_size, conv_transpose_output_size

def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    return conv_transpose_output_size(n, k, s, p, o, d)

def rows_lost(n, k, s=1, p=0):
    return n - conv_transpose_output_size(conv_output_size(n, k, s, p), k, s, p)
