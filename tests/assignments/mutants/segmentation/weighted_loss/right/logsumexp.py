# log(sum exp) minus the true logit, on the pixels that count
def weighted_loss(logits, target, weight):
    keep = target != VOID
    scores, labels = logits.permute(0, 2, 3, 1)[keep], target[keep]
    if len(labels) == 0:
        return logits.sum() * 0
    loss = torch.logsumexp(scores, 1) - scores[torch.arange(len(labels)), labels]
    w = weight[labels]
    return (loss * w).sum() / w.sum()
