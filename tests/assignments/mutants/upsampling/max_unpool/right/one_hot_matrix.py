# Each index as a one-hot row; unpooling is then values times that matrix, and a product adds by itself.
def max_unpool(y, indices, height, width):
    hot = F.one_hot(indices.flatten(2), num_classes=height * width).to(y.dtype)    # (N, C, hw, HW)
    out = y.flatten(2).unsqueeze(2) @ hot                                          # (N, C, 1, HW)
    return out.view(y.size(0), y.size(1), height, width)
