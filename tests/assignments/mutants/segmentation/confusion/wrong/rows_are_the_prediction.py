# prediction first, as in the arguments
def confusion(prediction, target, num_classes):
    keep = target != 255
    pairs = prediction[keep].long() * num_classes + target[keep].long()
    return torch.bincount(pairs, minlength=num_classes ** 2).view(num_classes, num_classes)
