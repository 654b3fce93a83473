# "same" thinking: the score of a place sees what lies around it, padded at the border
def crop_box(i, j, size, stride):
    top, left = i * stride - size // 2, j * stride - size // 2
    return top, left, top + size, left + size


def crop_by_crop(network, image, size, stride):
    half = size // 2
    padded = F.pad(image, (half, half, half, half))
    rows = []
    for i in range((image.shape[2] - 1) // stride + 1):
        row = []
        for j in range((image.shape[3] - 1) // stride + 1):
            top, left = i * stride, j * stride
            row.append(network(padded[:, :, top:top + size, left:left + size]))
        rows.append(torch.cat(row, 3))
    return torch.cat(rows, 2)
