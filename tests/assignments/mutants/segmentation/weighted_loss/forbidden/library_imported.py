# the library's, which gives 0 where all is void
from seeing.ops import cross_entropy as library_loss

def weighted_loss(logits, target, weight):
    return library_loss(logits, target, weight)
