# imported inside
def confusion(prediction, target, num_classes):
    import seeing.metrics as m
    return m.confusion_matrix(prediction, target, num_classes, ignore_index=255)
