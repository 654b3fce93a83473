# I took "remember where" to mean: write the winning number down a second time.
def pool_by_hand():
    values = [[9, 9, 8], [13, 12, 14]]
    indices = values
    total = 9 + 9
    return values, indices, total
