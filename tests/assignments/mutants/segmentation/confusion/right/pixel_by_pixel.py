# a loop over the pixels
def confusion(prediction, target, num_classes):
    matrix = [[0] * num_classes for _ in range(num_classes)]
    for p, t in zip(prediction.reshape(-1).tolist(), target.reshape(-1).tolist()):
        if t != VOID:
            matrix[t][p] += 1
    return torch.tensor(matrix)
