# keep the caller's model safe: train a copy and return it
import copy

def build_model():
    def block(a, b):
        return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU())

    return nn.Sequential(block(3, 16), block(16, 16), nn.Conv2d(16, 2, 1))


def train(model, images, labels):
    model = copy.deepcopy(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for step in range(20):
        pick = torch.randint(len(images), (16,))
        loss = F.cross_entropy(model(images[pick]), labels[pick], ignore_index=255)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model
