# round up: the spare row goes above
def unet_skip(encoder, decoder):
    h, w = decoder.shape[2:]
    top, left = (encoder.shape[2] - h + 1) // 2, (encoder.shape[3] - w + 1) // 2
    return torch.cat([encoder[:, :, top:top + h, left:left + w], decoder], 1)
