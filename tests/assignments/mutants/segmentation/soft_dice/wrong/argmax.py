# Dice compares regions, so first decide the region of each class
def soft_dice(logits, target, smooth=1.0):
    keep = target != 255
    classes = logits.shape[1]
    g = F.one_hot(target.masked_fill(~keep, 0), classes) * keep[..., None]
    p = F.one_hot(logits.argmax(1), classes) * keep[..., None]
    shared, total = (p * g).sum((0, 1, 2)), (p + g).sum((0, 1, 2))
    return 1 - ((2 * shared + smooth) / (total + smooth)).mean()
