# The head is Flatten, Linear, ReLU, Linear. So: head[1], ReLU, head[3].
def classifier_map(head, features, height, width):
    fc1, fc2 = head[1], head[3]
    x = F.conv2d(features, fc1.weight.view(fc1.out_features, -1, height, width), fc1.bias).relu()
    return F.conv2d(x, fc2.weight[..., None, None], fc2.bias)
