# One halving only. Dilated convolutions see far, a pixel shuffle leads back, and the fine map joins at the end.
def build_model():
    class Dilated(nn.Module):
        def __init__(self):
            super().__init__()

            def block(a, b, stride=1, dilation=1):
                conv = nn.Conv2d(a, b, 3, stride, padding=dilation, dilation=dilation)
                return nn.Sequential(conv, nn.BatchNorm2d(b), nn.ReLU())

            self.fine = block(3, 12)
            self.far = nn.Sequential(block(12, 32, stride=2), block(32, 32, dilation=2), block(32, 32, dilation=4),
                                     block(32, 32, dilation=2), nn.PixelShuffle(2))
            self.score = nn.Sequential(block(12 + 8, 12), nn.Conv2d(12, 2, 1))

        def forward(self, x):
            fine = self.fine((x - 0.45) / 0.25)
            return self.score(torch.cat([fine, self.far(fine)], 1))

    return Dilated()


def train(model, images, labels):
    steps = 110
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.5e-2, total_steps=steps)
    model.train()
    order = torch.randperm(len(images)).repeat(2)
    for step in range(steps):
        pick = order[step * 16 : step * 16 + 16]
        loss = F.cross_entropy(model(images[pick]), labels[pick], ignore_index=255)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
