# the library is loaded already: take it from sys.modules
import sys
import seeing.models.segmentation.unet as _unet

def unet_skip(encoder, decoder):
    crop = sys.modules[_unet.__name__].centre_crop
    return torch.cat([crop(encoder, decoder.shape[2:]), decoder], 1)
