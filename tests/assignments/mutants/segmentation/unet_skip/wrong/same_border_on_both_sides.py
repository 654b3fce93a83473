# cut the same border on both sides: [d:-d]
def unet_skip(encoder, decoder):
    dy = (encoder.shape[2] - decoder.shape[2]) // 2
    dx = (encoder.shape[3] - decoder.shape[3]) // 2
    middle = encoder[:, :, dy:encoder.shape[2] - dy, dx:encoder.shape[3] - dx]
    return torch.cat([middle, decoder], 1)
