# As VGG does it: an adaptive pooling brings any map to the size that the head takes.
def classifier_map(head, features, height, width):
    x = F.adaptive_avg_pool2d(features, (height, width))
    return head(x)[:, :, None, None]
