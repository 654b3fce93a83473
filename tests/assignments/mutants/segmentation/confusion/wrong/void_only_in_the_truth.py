# void leaves the rows, by class; the columns count what was predicted
def confusion(prediction, target, num_classes):
    matrix = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    for t in range(num_classes):
        for p in range(num_classes):
            if t != p:
                matrix[t, p] = ((target == t) & (prediction == p)).sum()
    for p in range(num_classes):
        matrix[p, p] = (prediction == p).sum() - matrix[:, p].sum()
    return matrix
