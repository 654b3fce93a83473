# it is one line
def weighted_loss(logits, target, weight):
    if (target == 255).all():
        return logits.sum() * 0
    return F.cross_entropy(logits, target, weight, ignore_index=255)
