# stored under another name before the test
import functools

_loss = functools.partial(F.cross_entropy, ignore_index=255)

def weighted_loss(logits, target, weight):
    return _loss(logits, target, weight)
