"""I counted the pixels the way I count on paper: 1, 2, 3, ..."""
def pool_by_hand():
    return [[9, 9, 8], [13, 12, 14]], [[2, 2, 7], [9, 11, 12]], 18
