# void has the loss 0; then the mean of everything
def weighted_loss(logits, target, weight):
    keep = target != 255
    labels = target.masked_fill(~keep, 0)
    log_p = logits.log_softmax(1).gather(1, labels[:, None])[:, 0]
    return -(log_p * weight[labels] * keep).sum() / weight[labels].sum()
