# encoder and decoder; the decoder is as good as its deepest map
def build_model():
    def block(a, b):
        return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU())

    up = {"scale_factor": 2, "mode": "bilinear"}
    return nn.Sequential(
        block(3, 16), nn.MaxPool2d(2), block(16, 32), nn.MaxPool2d(2), block(32, 64), block(64, 64),
        nn.Upsample(**up), block(64, 32), nn.Upsample(**up), block(32, 16), nn.Conv2d(16, 2, 1),
    )


def train(model, images, labels):
    steps = 100
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=steps)
    model.train()
    for step in range(steps):
        pick = torch.randint(len(images), (16,))
        loss = F.cross_entropy(model(images[pick]), labels[pick], ignore_index=255)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
