# union = both together
def dataset_scores(matrices):
    m = sum(matrices).double()
    right, truth, predicted = m.diag(), m.sum(1), m.sum(0)
    union = truth + predicted
    iou = right / union.clamp(min=1)
    return iou[union > 0].mean(), (right / truth)[truth > 0].mean(), (iou * truth).sum() / truth.sum()
