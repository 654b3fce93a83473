# slow and plain: run the head on every window
def classifier_map(head, features, height, width):
    rows = []
    for i in range(features.shape[2] - height + 1):
        row = [head(features[:, :, i : i + height, j : j + width]) for j in range(features.shape[3] - width + 1)]
        rows.append(torch.stack(row, dim=-1))
    return torch.stack(rows, dim=-2)
