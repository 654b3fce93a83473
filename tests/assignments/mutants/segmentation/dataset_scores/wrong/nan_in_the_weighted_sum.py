# nanmean for the means; the weighted one is just a sum
def dataset_scores(matrices):
    m = sum(matrices).double()
    right, truth, predicted = m.diag(), m.sum(1), m.sum(0)
    iou = right / (truth + predicted - right)
    return iou.nanmean(), (right / truth).nanmean(), (iou * truth / truth.sum()).sum()
