# the last crop sticks out; fill it with zeros so that no pixel is lost
import math

def crop_box(i, j, size, stride):
    return i * stride, j * stride, i * stride + size, j * stride + size


def crop_by_crop(network, image, size, stride):
    height, width = image.shape[2:]
    rows = math.ceil((height - size) / stride) + 1
    columns = math.ceil((width - size) / stride) + 1
    below, right = (rows - 1) * stride + size - height, (columns - 1) * stride + size - width
    image = F.pad(image, (0, right, 0, below))
    lines = []
    for i in range(rows):
        boxes = [crop_box(i, j, size, stride) for j in range(columns)]
        lines.append(torch.cat([network(image[:, :, a:c, b:d]) for a, b, c, d in boxes], 3))
    return torch.cat(lines, 2)
