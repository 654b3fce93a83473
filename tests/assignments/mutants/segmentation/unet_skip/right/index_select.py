# the numbers of the rows and columns that stay
def unet_skip(encoder, decoder):
    keep = [torch.arange(small) + (large - small) // 2 for large, small in zip(encoder.shape[2:], decoder.shape[2:])]
    return torch.cat([encoder[:, :, keep[0][:, None], keep[1]], decoder], 1)
