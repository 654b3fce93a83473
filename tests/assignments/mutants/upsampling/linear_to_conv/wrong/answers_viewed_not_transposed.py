# unfold the windows, apply the linear layer, view as a map
class SlidingLinear(nn.Module):
    def __init__(self, linear, height, width):
        super().__init__()
        self.linear, self.height, self.width = linear, height, width

    def forward(self, x):
        patches = F.unfold(x, (self.height, self.width)).transpose(1, 2)
        out = self.linear(patches)
        return out.view(x.shape[0], self.linear.out_features,
                        x.shape[2] - self.height + 1, x.shape[3] - self.width + 1)

def linear_to_conv(linear, channels, height, width):
    return SlidingLinear(linear, height, width)
