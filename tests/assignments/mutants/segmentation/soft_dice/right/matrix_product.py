# the soft confusion matrix: its diagonal, row sums and column sums are all that Dice needs
def soft_dice(logits, target, smooth=1.0):
    k = logits.shape[1]
    keep = (target != 255).flatten()
    p = logits.softmax(1).transpose(0, 1).flatten(1).T[keep]
    g = torch.eye(k, dtype=p.dtype)[target.flatten()[keep]]
    m = g.T @ p
    return (1 - (2 * m.diagonal() + smooth) / (m.sum(0) + m.sum(1) + smooth)).mean()
