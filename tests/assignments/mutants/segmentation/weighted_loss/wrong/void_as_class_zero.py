# 255 is no index; clamp it into the range, background will do
def weighted_loss(logits, target, weight):
    labels = torch.where(target == 255, 0, target)
    log_p = logits.log_softmax(1).gather(1, labels[:, None])[:, 0]
    w = weight[labels]
    return -(log_p * w).sum() / w.sum()
