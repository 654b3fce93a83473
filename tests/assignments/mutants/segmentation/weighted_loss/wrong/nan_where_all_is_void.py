# select what counts, then the weighted mean
def weighted_loss(logits, target, weight):
    keep = target != 255
    log_p = logits.log_softmax(1).movedim(1, -1)[keep]
    labels = target[keep]
    w = weight[labels]
    return -(log_p[torch.arange(len(labels)), labels] * w).sum() / w.sum()
