# numpy's masked arrays skip what is masked
import numpy as np

def dataset_scores(matrices):
    m = np.sum([one.numpy() for one in matrices], axis=0)
    right, truth = np.diag(m), m.sum(1)
    union = truth + m.sum(0) - right
    iou = np.ma.masked_array(right / np.maximum(union, 1), union == 0)
    accuracy = np.ma.masked_array(right / np.maximum(truth, 1), truth == 0)
    return float(iou.mean()), float(accuracy.mean()), float(np.average(iou.filled(0), weights=truth))
