# the transposed convolution is the backward pass of a convolution, autograd knows it
def stamp(x, weight, stride=1, padding=0):
    N, C, H, W = x.shape
    h = (H - 1) * stride - 2 * padding + weight.shape[2]
    w = (W - 1) * stride - 2 * padding + weight.shape[3]
    image = torch.zeros(N, weight.shape[1], h, w, dtype=x.dtype, requires_grad=True)
    small = F.conv2d(image, weight, stride=stride, padding=padding)
    small.backward(x)
    return image.grad
