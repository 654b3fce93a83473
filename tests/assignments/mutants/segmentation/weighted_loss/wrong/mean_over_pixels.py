# the mean: divide by the number of pixels
def weighted_loss(logits, target, weight):
    keep = target != 255
    labels = target.masked_fill(~keep, 0)
    log_p = logits.log_softmax(1).gather(1, labels[:, None])[:, 0]
    return -(log_p * weight[labels] * keep).sum() / keep.sum().clamp(min=1)
