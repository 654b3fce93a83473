# the last pixel of the crop is top + size - 1
def crop_box(i, j, size, stride):
    top, left = i * stride, j * stride
    return top, left, top + size - 1, left + size - 1


def crop_by_crop(network, image, size, stride):
    h = (image.shape[2] - size) // stride + 1
    w = (image.shape[3] - size) // stride + 1
    rows = []
    for i in range(h):
        row = []
        for j in range(w):
            top, left, bottom, right = crop_box(i, j, size, stride)
            row.append(network(image[:, :, top:bottom + 1, left:right + 1]))
        rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)
