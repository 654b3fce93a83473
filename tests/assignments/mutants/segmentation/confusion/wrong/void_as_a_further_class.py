# One more class for void; whoever computes scores can leave it out.
def confusion(prediction, target, num_classes):
    k = num_classes + 1
    target = target.long().clamp(max=num_classes)
    pairs = target * k + prediction.long()
    return torch.bincount(pairs.flatten(), minlength=k * k).view(k, k)
