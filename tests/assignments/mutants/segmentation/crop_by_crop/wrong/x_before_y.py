# boxes are (x1, y1, x2, y2), as in the detection chapters
def crop_box(i, j, size, stride):
    return j * stride, i * stride, j * stride + size, i * stride + size


def crop_by_crop(network, image, size, stride):
    n_rows = (image.shape[2] - size) // stride + 1
    n_columns = (image.shape[3] - size) // stride + 1
    lines = []
    for i in range(n_rows):
        line = []
        for j in range(n_columns):
            x1, y1, x2, y2 = crop_box(i, j, size, stride)
            line.append(network(image[:, :, y1:y2, x1:x2]))
        lines.append(torch.cat(line, 3))
    return torch.cat(lines, 2)
