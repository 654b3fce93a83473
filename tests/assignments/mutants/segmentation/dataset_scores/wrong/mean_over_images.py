# score each image, then average: every image counts the same
def dataset_scores(matrices):
    scores = []
    for matrix in matrices:
        m = matrix.double()
        right, truth, predicted = m.diagonal(), m.sum(1), m.sum(0)
        union = truth + predicted - right
        iou = right / union.clamp(min=1)
        scores.append(torch.stack([
            iou[union > 0].mean(), (right / truth)[truth > 0].mean(), (iou * truth).sum() / truth.sum()]))
    return tuple(torch.stack(scores).mean(0))
