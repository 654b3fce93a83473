# the current map, and what joins it
def unet_skip(encoder, decoder):
    h, w = decoder.shape[2:]
    top = (encoder.shape[2] - h) // 2
    left = (encoder.shape[3] - w) // 2
    return torch.cat([decoder, encoder[:, :, top:top + h, left:left + w]], 1)
