# run the classifier on every crop, as in the chapter's slow version, and stack the answers
def linear_to_conv(linear, channels, height, width):
    def dense(x):
        rows = []
        for i in range(x.shape[2] - height + 1):
            row = []
            for j in range(x.shape[3] - width + 1):
                row.append(linear(x[:, :, i:i + height, j:j + width].flatten(1)))
            rows.append(torch.stack(row, dim=2))
        return torch.stack(rows, dim=2)
    return dense
