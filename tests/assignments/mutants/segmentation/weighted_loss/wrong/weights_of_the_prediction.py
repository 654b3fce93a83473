# the weight of the class that the network chose
def weighted_loss(logits, target, weight):
    keep = target != 255
    labels = target.masked_fill(~keep, 0)
    log_p = logits.log_softmax(1).gather(1, labels[:, None])[:, 0]
    w = weight[logits.argmax(1)] * keep
    return -(log_p * w).sum() / w.sum().clamp(min=1e-12)
