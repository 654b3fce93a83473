# cut it to the size of the decoder's map
def unet_skip(encoder, decoder):
    return torch.cat([encoder[:, :, :decoder.shape[2], :decoder.shape[3]], decoder], dim=1)
