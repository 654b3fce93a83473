# peel off one row or column at a time, the far side first, until the sizes agree
def unet_skip(encoder, decoder):
    for axis in (2, 3):
        far = True
        while encoder.shape[axis] > decoder.shape[axis]:
            encoder = encoder.narrow(axis, 0 if far else 1, encoder.shape[axis] - 1)
            far = not far
    return torch.cat([encoder, decoder], 1)
