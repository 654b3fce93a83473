# the library's function under another name
from seeing.fairness import reverse_gradient as library_reversal


def reverse_gradient(features, strength):
    return library_reversal(features, strength)


def adversary_loss(features, adversary, groups, strength):
    return nn.functional.cross_entropy(adversary(reverse_gradient(features, strength)), groups)
