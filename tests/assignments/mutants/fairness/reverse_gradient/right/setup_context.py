# the newer form of an autograd function, and the loss by log_softmax
class Turn(torch.autograd.Function):
    @staticmethod
    def forward(x, factor):
        return x.clone()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.factor = inputs[1]

    @staticmethod
    def backward(ctx, gradient):
        return gradient.mul(ctx.factor), None


def reverse_gradient(features, strength):
    return Turn.apply(features, -float(strength))


def adversary_loss(features, adversary, groups, strength):
    scores = adversary(reverse_gradient(features, strength)).log_softmax(1)
    return -scores[torch.arange(len(groups)), groups].mean()
