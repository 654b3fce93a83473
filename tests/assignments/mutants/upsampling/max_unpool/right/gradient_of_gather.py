# Pooling reads pixels with gather. Unpooling is its transpose, so: the gradient of gather.
def max_unpool(y, indices, height, width):
    with torch.enable_grad():
        pixels = torch.zeros(y.shape[0], y.shape[1], height * width, dtype=y.dtype, requires_grad=True)
        read = pixels.gather(2, indices.flatten(2))
        out = torch.autograd.grad(read, pixels, y.flatten(2), create_graph=True)[0]
    return out.view(y.shape[0], y.shape[1], height, width)
