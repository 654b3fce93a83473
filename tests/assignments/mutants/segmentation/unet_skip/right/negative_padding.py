# F.pad with negative numbers crops
def unet_skip(encoder, decoder):
    dy, dx = encoder.shape[2] - decoder.shape[2], encoder.shape[3] - decoder.shape[3]
    middle = F.pad(encoder, (-(dx // 2), -(dx - dx // 2), -(dy // 2), -(dy - dy // 2)))
    return torch.cat((middle, decoder), dim=1)
