# a hook on the output multiplies what comes back
def reverse_gradient(features, strength):
    out = features.view_as(features) if features.requires_grad else features.clone()
    if out.requires_grad:
        out.register_hook(lambda gradient: gradient * -strength)
    return out


def adversary_loss(features, adversary, groups, strength):
    return nn.functional.cross_entropy(adversary(reverse_gradient(features, strength)), groups)
