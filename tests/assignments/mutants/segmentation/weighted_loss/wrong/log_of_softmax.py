# softmax, then the logarithm, as in the formula
def weighted_loss(logits, target, weight):
    keep = target != 255
    labels = target.masked_fill(~keep, 0)
    p = torch.softmax(logits, dim=1).gather(1, labels[:, None])[:, 0]
    w = weight[labels] * keep
    total = w.sum()
    return (-torch.log(p) * w).sum() / torch.where(total > 0, total, 1)
