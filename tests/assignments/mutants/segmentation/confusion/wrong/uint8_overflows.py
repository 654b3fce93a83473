# the labels are small numbers already, no need for long()
def confusion(prediction, target, num_classes):
    keep = target != 255
    pairs = target[keep] * num_classes + prediction[keep]
    return torch.bincount(pairs, minlength=num_classes ** 2)[:num_classes ** 2].view(num_classes, num_classes)
