# By hand, but I like to return tensors of floats.
def pool_by_hand():
    values = torch.tensor([[9., 9., 8.], [13., 12., 14.]])
    indices = torch.tensor([[1, 1, 6], [8, 10, 11]])
    # window 0 and window 1 both say pixel 1
    total = values[indices == 1].sum()
    return values, indices, total
