# Checked my paper with a small program and kept the program.
def pool_by_hand():
    m = [[4, 9, 2, 7], [5, 1, 8, 6], [13, 3, 12, 14]]
    values, indices = [], []
    unpooled = [0] * 12
    for r in range(2):
        vrow, irow = [], []
        for c in range(3):
            best = max((m[i][j], i * 4 + j) for i in (r, r + 1) for j in (c, c + 1))
            vrow.append(best[0])
            irow.append(best[1])
            unpooled[best[1]] += best[0]
        values.append(vrow)
        indices.append(irow)
    return values, indices, unpooled[1]
