# __import__ and getattr
def soft_dice(logits, target, smooth=1.0):
    ops = getattr(__import__("seeing.ops"), "ops")
    loss = getattr(ops, "dice" + "_loss")
    return loss(logits.transpose(0, 1).flatten(1)[None], target.flatten()[None], smooth=smooth)
