# nan_to_num: 0 / 0 is NaN, and NaN spoils the mean
def dataset_scores(matrices):
    m = sum(matrices).double()
    right, truth, predicted = m.diag(), m.sum(1), m.sum(0)
    iou = torch.nan_to_num(right / (truth + predicted - right))
    accuracy = torch.nan_to_num(right / truth)
    return iou.mean(), accuracy.mean(), (iou * truth).sum() / truth.sum()
