# a skip connection adds, as in a ResNet
def unet_skip(encoder, decoder):
    h, w = decoder.shape[2:]
    top, left = (encoder.shape[2] - h) // 2, (encoder.shape[3] - w) // 2
    middle = encoder[:, :, top:top + h, left:left + w]
    if middle.shape[1] != decoder.shape[1]:
        middle = middle.mean(1, keepdim=True)
    return middle + decoder
