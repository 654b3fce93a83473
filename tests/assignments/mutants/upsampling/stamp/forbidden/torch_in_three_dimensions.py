# conv_transpose3d is not on the list
def stamp(x, weight, stride=1, padding=0):
    out = F.conv_transpose3d(x.unsqueeze(2), weight.unsqueeze(2), None, (1, stride, stride), (0, padding, padding))
    return out.squeeze(2)
