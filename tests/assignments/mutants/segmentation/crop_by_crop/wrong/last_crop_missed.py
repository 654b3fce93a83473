# range ends before its end, as it should
def crop_box(i, j, size, stride):
    return (i * stride, j * stride, i * stride + size, j * stride + size)


def crop_by_crop(network, image, size, stride):
    H, W = image.shape[-2:]
    out = []
    for top in range(0, H - size, stride):
        out.append(torch.cat([network(image[..., top:top + size, left:left + size])
                              for left in range(0, W - size, stride)], dim=-1))
    return torch.cat(out, dim=-2)
