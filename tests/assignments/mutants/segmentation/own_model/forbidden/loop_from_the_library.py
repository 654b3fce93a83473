# a network of my own; the loop from the library
def build_model():
    def block(a, b):
        return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU())

    return nn.Sequential(block(3, 16), block(16, 24), block(24, 16), nn.Conv2d(16, 2, 1))


def train(model, images, labels):
    from seeing.training import fit
    fit(model, lambda step: (images[step * 16 % 1400 :][:16], labels[step * 16 % 1400 :][:16]),
        lambda scores, y: F.cross_entropy(scores, y, ignore_index=255), 60)
