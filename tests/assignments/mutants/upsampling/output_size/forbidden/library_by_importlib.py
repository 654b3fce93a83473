# import_module when needed
def conv_transpose_size(n, k, s=1, p=0, o=0, d=1):
    import importlib
    ops = importlib.import_module("seeing.ops")
    return ops.conv_transpose_output_size(n, k, s, p, o, d)

def rows_lost(n, k, s=1, p=0):
    import importlib
    ops = importlib.import_module("seeing.ops")
    return n - ops.conv_transpose_output_size(ops.conv_output_size(n, k, s, p), k, s, p)
