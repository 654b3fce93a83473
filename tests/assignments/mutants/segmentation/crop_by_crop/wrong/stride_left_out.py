# score (i, j) belongs to the crop that begins at pixel (i, j)
def crop_box(i, j, size, stride):
    return i, j, i + size, j + size


def crop_by_crop(network, image, size, stride):
    rows = range(0, image.shape[2] - size + 1, stride)
    columns = range(0, image.shape[3] - size + 1, stride)
    return torch.cat([torch.cat([network(image[:, :, t:t + size, l:l + size]) for l in columns], 3) for t in rows], 2)
