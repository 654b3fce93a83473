# "total" means the total, so I added the whole unpooled map
def pool_by_hand():
    values = [[9, 9, 8], [13, 12, 14]]
    indices = [[1, 1, 6], [8, 10, 11]]
    total = sum(sum(row) for row in values)
    return values, indices, total
