# FCN-32s in small: three poolings, scores, and one large step up
def build_model():
    layers = []
    for a, b in [(3, 16), (16, 32), (32, 64)]:
        layers += [nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Conv2d(64, 2, 1), nn.Upsample(scale_factor=8, mode="bilinear"))


def train(model, images, labels):
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    model.train()
    for step in range(120):
        pick = torch.randperm(len(images))[:16]
        loss = F.cross_entropy(model(images[pick]), labels[pick], ignore_index=255)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
