# the name in two halves
def stamp(x, weight, stride=1, padding=0):
    return getattr(torch.nn.functional, "conv_trans" + "pose2d")(x, weight, stride=stride, padding=padding)
