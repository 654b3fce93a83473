# F.unfold cuts the crops; one image position at a time through the network
def crop_box(i, j, size, stride):
    corner = torch.tensor([i, j]) * stride
    return tuple(torch.cat([corner, corner + size]).tolist())


def crop_by_crop(network, image, size, stride):
    columns = F.unfold(image, size, stride=stride)                        # (N, C*size*size, places)
    places = columns.unbind(2)
    answers = [network(column.view(-1, image.shape[1], size, size)).flatten(1) for column in places]
    rows = (image.shape[2] - size) // stride + 1
    return torch.stack(answers, 2).unflatten(2, (rows, -1))
