# the library's function
from seeing.metrics import confusion_matrix

def confusion(prediction, target, num_classes):
    return confusion_matrix(prediction, target, num_classes, ignore_index=255)
