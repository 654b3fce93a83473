# every crop of every image into one batch, the network once, then fold the answers back
def crop_box(i, j, size, stride):
    top, left = stride * i, stride * j
    return top, left, top + size, left + size


def crop_by_crop(network, image, size, stride):
    windows = image.unfold(2, size, stride).unfold(3, size, stride)       # (N, C, h, w, size, size)
    n, c, h, w = windows.shape[:4]
    answers = network(windows.permute(0, 2, 3, 1, 4, 5).reshape(-1, c, size, size).contiguous())
    return answers.view(n, h, w, -1).permute(0, 3, 1, 2)
