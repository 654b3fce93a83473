# stored before the test begins
import functools
import seeing.models

_dense = functools.partial(seeing.models.segmentation.fully_convolutional, nn.Identity())

def classifier_map(head, features, height, width):
    return _dense(head, [features.shape[1], height, width])(features)
