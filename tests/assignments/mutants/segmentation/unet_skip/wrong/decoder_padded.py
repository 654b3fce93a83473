# Pad the decoder's map with zeros to the encoder's size: no pixel of the encoder is wasted.
def unet_skip(encoder, decoder):
    dy, dx = encoder.shape[2] - decoder.shape[2], encoder.shape[3] - decoder.shape[3]
    decoder = F.pad(decoder, (dx // 2, dx - dx // 2, dy // 2, dy - dy // 2))
    return torch.cat([encoder, decoder], 1)
