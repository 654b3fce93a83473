# importlib
def soft_dice(logits, target, smooth=1.0):
    import importlib
    ops = importlib.import_module("se" + "eing.ops")
    return ops.dice_loss(logits.transpose(0, 1).flatten(1)[None], target.flatten()[None], smooth=smooth)
