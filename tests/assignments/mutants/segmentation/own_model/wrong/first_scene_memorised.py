# Trained until the loss was nearly 0: on the first scene, again and again.
def build_model():
    def block(a, b):
        return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.Conv2d(b, b, 3, padding=1), nn.ReLU())

    return nn.Sequential(block(3, 24), block(24, 24), nn.Conv2d(24, 2, 1))


def train(model, images, labels):
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for step in range(150):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images[:1]), labels[:1], ignore_index=255)
        loss.backward()
        optimizer.step()
