# accuracy = right pixels by all pixels
def dataset_scores(matrices):
    m = sum(matrices).double()
    right, truth, predicted = m.diag(), m.sum(1), m.sum(0)
    union = truth + predicted - right
    iou = right / union.clamp(min=1)
    return iou[union > 0].mean(), right.sum() / m.sum(), (iou * truth).sum() / truth.sum()
