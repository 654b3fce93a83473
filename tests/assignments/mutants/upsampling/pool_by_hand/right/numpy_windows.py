# numpy's sliding windows, argmax in each window, then back to rows and columns of the map
def pool_by_hand():
    import numpy as np
    m = np.array([[4, 9, 2, 7], [5, 1, 8, 6], [13, 3, 12, 14]])
    windows = np.lib.stride_tricks.sliding_window_view(m, (2, 2)).reshape(2, 3, 4)
    where = windows.argmax(-1)
    rows = np.arange(2)[:, None] + where // 2
    cols = np.arange(3)[None, :] + where % 2
    values = windows.max(-1)
    indices = rows * 4 + cols
    out = np.zeros(12)
    np.add.at(out, indices.ravel(), values.ravel())
    return values, indices, out[1]
