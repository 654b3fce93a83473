# The mean over the object classes: background would only flatter the score.
def dataset_scores(matrices):
    m = sum(matrices).double()
    right, truth, predicted = m.diag()[1:], m.sum(1)[1:], m.sum(0)[1:]
    union = truth + predicted - right
    iou = right / union.clamp(min=1)
    return iou[union > 0].mean(), (right / truth)[truth > 0].mean(), (iou * truth).sum() / truth.sum()
