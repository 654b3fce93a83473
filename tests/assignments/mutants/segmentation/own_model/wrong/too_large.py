# more channels, more power
def build_model():
    layers = []
    for a, b in [(3, 64), (64, 128), (128, 128), (128, 64)]:
        layers += [nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU()]
    return nn.Sequential(*layers, nn.Conv2d(64, 2, 1))


def train(model, images, labels):
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for step in range(2):
        loss = F.cross_entropy(model(images[:8]), labels[:8], ignore_index=255)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
