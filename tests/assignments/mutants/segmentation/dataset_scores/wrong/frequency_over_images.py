# How frequent is a class? In each image, and then the mean over the images.
def dataset_scores(matrices):
    m = torch.stack(matrices).double()
    frequency = (m.sum(2) / m.sum((1, 2))[:, None]).mean(0)
    m = m.sum(0)
    right, truth, predicted = m.diag(), m.sum(1), m.sum(0)
    union = truth + predicted - right
    iou = right / union.clamp(min=1)
    return iou[union > 0].mean(), (right / truth)[truth > 0].mean(), (iou * frequency).sum()
