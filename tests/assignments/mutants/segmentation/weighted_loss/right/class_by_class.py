# class by class: its weight, times the sum over its pixels
def weighted_loss(logits, target, weight):
    log_p = F.log_softmax(logits, 1)
    above = below = 0.0
    for c in range(logits.shape[1]):
        mine = target == c
        above = above - weight[c] * log_p[:, c][mine].sum()
        below = below + weight[c] * mine.sum()
    return above / below if below > 0 else above
