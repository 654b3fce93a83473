# scikit-learn's way round, I thought: columns are the truth
def dataset_scores(matrices):
    m = sum(matrices).double()
    right, truth, predicted = m.diag(), m.sum(0), m.sum(1)
    union = truth + predicted - right
    iou = right / union.clamp(min=1)
    return iou[union > 0].mean(), (right / truth)[truth > 0].mean(), (iou * truth).sum() / truth.sum()
