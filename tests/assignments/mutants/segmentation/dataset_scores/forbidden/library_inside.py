# imported inside
def dataset_scores(matrices):
    from seeing import metrics
    m = sum(matrices)
    return metrics.mean_iou(m), metrics.mean_accuracy(m), metrics.frequency_weighted_iou(m)
