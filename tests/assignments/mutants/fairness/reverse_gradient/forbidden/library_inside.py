# imported inside
def reverse_gradient(features, strength):
    import seeing.fairness as fair

    return fair.reverse_gradient(features, strength)


def adversary_loss(features, adversary, groups, strength):
    return nn.functional.cross_entropy(adversary(reverse_gradient(features, strength)), groups)
