# without max_unpool2d: scatter the values to their flat places
def segnet_decoder(x, written, blocks):
    for number, block in enumerate(blocks):
        indices, (height, width) = written[len(written) - 1 - number]
        flat = torch.zeros(*x.shape[:2], height * width, dtype=x.dtype)
        x = block(flat.scatter(2, indices.flatten(2), x.flatten(2)).view(*x.shape[:2], height, width))
    return x
