# cat along the rows first, then the columns
def crop_box(i, j, size, stride):
    return i * stride, j * stride, i * stride + size, j * stride + size


def crop_by_crop(network, image, size, stride):
    rows = []
    for i in range((image.shape[2] - size) // stride + 1):
        row = []
        for j in range((image.shape[3] - size) // stride + 1):
            t, l, b, r = crop_box(i, j, size, stride)
            row.append(network(image[:, :, t:b, l:r]))
        rows.append(torch.cat(row, dim=2))
    return torch.cat(rows, dim=3)
