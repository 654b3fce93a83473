# Mixed up pooling with erosion from the image processing course: took the smallest of each window.
def pool_by_hand():
    values = [[1, 1, 2], [1, 1, 6]]
    indices = [[5, 5, 2], [5, 5, 7]]
    total = 0   # nothing lands on row 0, column 1
    return values, indices, total
