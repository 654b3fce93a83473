# Rare classes get larger logits: multiply by the weights before the softmax.
def weighted_loss(logits, target, weight):
    keep = target != 255
    labels = target.masked_fill(~keep, 0)
    log_p = (logits * weight[:, None, None]).log_softmax(1).gather(1, labels[:, None])[:, 0]
    return -(log_p * keep).sum() / keep.sum().clamp(min=1)
