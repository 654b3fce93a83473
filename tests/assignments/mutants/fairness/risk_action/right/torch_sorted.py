# torch: a stable sort of the risks, the first of each row
def _sorted(probabilities, loss):
    risk = torch.as_tensor(probabilities).double() @ torch.as_tensor(loss).double().T
    return risk.sort(dim=1, stable=True)


def best_action(probabilities, loss):
    return _sorted(probabilities, loss).indices[:, 0].numpy()


def action_or_reject(probabilities, loss, reject_loss):
    values, indices = _sorted(probabilities, loss)
    return torch.where(values[:, 0] <= reject_loss, indices[:, 0], -1)
