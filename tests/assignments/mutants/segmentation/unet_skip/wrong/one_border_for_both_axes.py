# maps are square: one border
def unet_skip(encoder, decoder):
    d = (encoder.shape[2] - decoder.shape[2]) // 2
    return torch.cat([encoder[:, :, d:d + decoder.shape[2], d:d + decoder.shape[3]], decoder], 1)
