# be safe: the action whose worst outcome is mildest
def best_action(probabilities, loss):
    return np.full(len(probabilities), loss.max(1).argmin())


def action_or_reject(probabilities, loss, reject_loss):
    risk = loss.max(1)
    return np.full(len(probabilities), -1 if risk.min() > reject_loss else risk.argmin())
