# the matrix of what was found: right pixels on the diagonal
def confusion(prediction, target, num_classes):
    right = prediction[(target != 255) & (prediction == target)].long()
    return torch.diag(torch.bincount(right, minlength=num_classes))
