# U-Net's own crop
from seeing.models.segmentation.unet import centre_crop

def unet_skip(encoder, decoder):
    return torch.cat([centre_crop(encoder, decoder.shape[2:]), decoder], 1)
