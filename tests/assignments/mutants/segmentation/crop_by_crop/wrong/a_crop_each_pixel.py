# A dense map has a score for every crop, so I slide by one pixel; crop_box is what the formula says.
def crop_box(i, j, size, stride):
    return i * stride, j * stride, i * stride + size, j * stride + size


def crop_by_crop(network, image, size, stride):
    lines = []
    for top in range(image.shape[2] - size + 1):
        line = [network(image[:, :, top:top + size, k:k + size]) for k in range(image.shape[3] - size + 1)]
        lines.append(torch.cat(line, 3))
    return torch.cat(lines, 2)
