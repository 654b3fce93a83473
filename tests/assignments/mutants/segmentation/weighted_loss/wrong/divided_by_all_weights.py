# "the sum of the weights": weight.sum()
def weighted_loss(logits, target, weight):
    keep = target != 255
    labels = target.masked_fill(~keep, 0)
    log_p = logits.log_softmax(1).gather(1, labels[:, None])[:, 0]
    per_pixel = weight[labels] * keep / weight.sum() * len(weight)
    return -(log_p * per_pixel).sum() / keep.sum().clamp(min=1)
