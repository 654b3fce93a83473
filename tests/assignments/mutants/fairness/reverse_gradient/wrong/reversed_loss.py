# reverse the loss itself
class Reversal(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, gradient):
        return -ctx.strength * gradient, None


def reverse_gradient(features, strength):
    return Reversal.apply(features, strength)


def adversary_loss(features, adversary, groups, strength):
    return reverse_gradient(nn.functional.cross_entropy(adversary(features), groups), strength)
