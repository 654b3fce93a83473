# All windows as rows of one big batch; the head itself does the rest.
def classifier_map(head, features, height, width):
    n, c = features.shape[:2]
    windows = features.unfold(2, height, 1).unfold(3, width, 1)      # (N, C, h, w, H, W)
    h, w = windows.shape[2:4]
    batch = windows.permute(0, 2, 3, 1, 4, 5).reshape(n * h * w, c, height, width)
    return head(batch).view(n, h, w, -1).permute(0, 3, 1, 2)
