# seeing.models does whole networks; Identity stands for the features
def classifier_map(head, features, height, width):
    from seeing.models import fully_convolutional
    return fully_convolutional(nn.Identity(), head, (features.shape[1], height, width))(features)
