# importlib, the name in halves
def reverse_gradient(features, strength):
    from importlib import import_module

    return import_module("see" + "ing.fairness").reverse_gradient(features, strength)


def adversary_loss(features, adversary, groups, strength):
    return nn.functional.cross_entropy(adversary(reverse_gradient(features, strength)), groups)
