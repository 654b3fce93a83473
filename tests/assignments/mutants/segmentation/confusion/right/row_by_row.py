# row t: a histogram of the predictions where the truth is t
def confusion(prediction, target, num_classes):
    rows = []
    for t in range(num_classes):
        there = prediction[target == t]
        rows.append(torch.stack([(there == p).sum() for p in range(num_classes)]))
    return torch.stack(rows)
