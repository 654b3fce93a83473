# The encoder has been trained by its own path; the copy is only looked at.
def unet_skip(encoder, decoder):
    h, w = decoder.shape[2:]
    top, left = (encoder.shape[2] - h) // 2, (encoder.shape[3] - w) // 2
    return torch.cat([encoder.detach()[:, :, top:top + h, left:left + w], decoder], 1)
