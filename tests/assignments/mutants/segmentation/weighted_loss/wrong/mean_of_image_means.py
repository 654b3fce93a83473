# the loss of each image, then the mean over the batch
def weighted_loss(logits, target, weight):
    losses = []
    for x, y in zip(logits, target):
        keep = y != 255
        labels = y.masked_fill(~keep, 0)
        log_p = x.log_softmax(0).gather(0, labels[None])[0]
        w = weight[labels] * keep
        losses.append(-(log_p * w).sum() / w.sum().clamp(min=1e-12))
    return torch.stack(losses).mean()
