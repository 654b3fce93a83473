# a strong adversary is weakened by lambda
class Reversal(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, gradient):
        return -gradient / max(ctx.strength, 1e-9), None


def reverse_gradient(features, strength):
    return Reversal.apply(features, strength)


def adversary_loss(features, adversary, groups, strength):
    return nn.functional.cross_entropy(adversary(reverse_gradient(features, strength)), groups)
