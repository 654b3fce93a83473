# the library's U-Net is a U-Net, too
from seeing.models import UNet

def build_model():
    return UNet(3, 2, width=1 / 8, padded=True, depth=2, batch_norm=True)


def train(model, images, labels):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for step in range(60):
        pick = torch.randint(len(images), (16,))
        loss = F.cross_entropy(model(images[pick]), labels[pick], ignore_index=255)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
