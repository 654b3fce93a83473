# partial, before the test begins
import functools
import seeing.metrics

_count = functools.partial(seeing.metrics.confusion_matrix, ignore_index=255)

def confusion(prediction, target, num_classes):
    return _count(prediction, target, num_classes)
