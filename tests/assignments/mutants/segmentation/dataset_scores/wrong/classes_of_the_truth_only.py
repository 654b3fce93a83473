# the mean over the classes that are there: truth > 0
def dataset_scores(matrices):
    m = torch.stack(matrices).sum(0).double()
    right, truth, predicted = m.diagonal(), m.sum(1), m.sum(0)
    there = truth > 0
    iou = right[there] / (truth + predicted - right)[there]
    accuracy = right[there] / truth[there]
    return iou.mean(), accuracy.mean(), (iou * truth[there]).sum() / truth.sum()
