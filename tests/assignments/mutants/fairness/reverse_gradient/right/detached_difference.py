# -lambda x carries the gradient, a detached difference restores the value
def reverse_gradient(features, strength):
    carrier = -strength * features
    return carrier + (features - carrier).detach()


def adversary_loss(features, adversary, groups, strength):
    logits = adversary(reverse_gradient(features, strength))
    return (logits.logsumexp(1) - logits.gather(1, groups[:, None])[:, 0]).mean()
