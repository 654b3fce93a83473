# counted down the columns: index = column * 3 + row
def pool_by_hand():
    values = [[9, 9, 8],
              [13, 12, 14]]
    indices = [[3, 3, 7],
               [2, 8, 11]]
    total = 18
    return values, indices, total
