# scale the encoder's map down, so that nothing of it is lost
def unet_skip(encoder, decoder):
    small = F.interpolate(encoder, size=decoder.shape[2:], mode="bilinear", align_corners=False)
    return torch.cat([small, decoder], 1)
