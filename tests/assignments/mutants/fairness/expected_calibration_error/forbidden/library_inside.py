# imported inside
def reliability_bins(probability, labels, bins):
    import seeing.metrics as lib

    found = lib.reliability_bins(torch.as_tensor(probability), torch.as_tensor(labels), bins)
    return tuple(np.nan_to_num(part.numpy()) for part in (found.counts, found.confidence, found.accuracy))


def expected_calibration_error(probability, labels, bins=15):
    import seeing.metrics as lib

    return float(lib.ece(torch.as_tensor(probability), torch.as_tensor(labels), bins))
