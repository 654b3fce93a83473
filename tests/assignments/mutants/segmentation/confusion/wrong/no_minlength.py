# bincount counts, view makes the table; the last classes always occurred when I tried
def confusion(prediction, target, num_classes):
    keep = target != 255
    counts = torch.bincount(target[keep].long() * num_classes + prediction[keep].long())
    side = int(len(counts) ** 0.5 + 0.999)
    counts = F.pad(counts, (0, side * side - len(counts)))
    return counts.view(side, side)
