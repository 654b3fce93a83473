# 1,500 scenes are few, and draw_scenes gives as many as one likes
def build_model():
    def block(a, b):
        return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU())

    return nn.Sequential(block(3, 16), block(16, 24), block(24, 16), nn.Conv2d(16, 2, 1))


def train(model, images, labels):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for seed in range(60):
        x, y = draw_scenes(16, seed)
        optimizer.zero_grad()
        F.cross_entropy(model(x), y, ignore_index=255).backward()
        optimizer.step()
