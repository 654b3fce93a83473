# I only ever tried it with one image, so I took the batch dimension off and put it back at the end.
def max_unpool(y, indices, height, width):
    y = y.squeeze(0)
    indices = indices.squeeze(0)
    planes = []
    for values, where in zip(y, indices):
        plane = torch.zeros(height * width, dtype=y.dtype)
        plane = plane.index_add(0, where.flatten(), values.flatten())
        planes.append(plane.view(height, width))
    return torch.stack(planes).unsqueeze(0)
