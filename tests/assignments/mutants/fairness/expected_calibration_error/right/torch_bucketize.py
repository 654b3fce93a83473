# torch: bucketize takes the bin below for a number on an edge, index_add sums
def reliability_bins(probability, labels, bins):
    p, y = torch.as_tensor(probability).double(), torch.as_tensor(labels).double()
    index = torch.bucketize(p, torch.arange(1, bins, dtype=torch.float64) / bins)
    sums = torch.zeros(3, bins, dtype=torch.float64).index_add(1, index, torch.stack([torch.ones_like(p), p, y]))
    return tuple((sums / torch.cat([torch.ones(1, bins), sums[:1].clamp(min=1).expand(2, -1)])).numpy())


def expected_calibration_error(probability, labels, bins=15):
    counts, confidence, accuracy = map(torch.as_tensor, reliability_bins(probability, labels, bins))
    return (counts / counts.sum()) @ (confidence - accuracy).abs()
