# Chow's rule: reject if the highest probability is under 1 - d
def best_action(probabilities, loss):
    return (probabilities @ loss.T).argmin(1)


def action_or_reject(probabilities, loss, reject_loss):
    risk = probabilities @ loss.T
    return np.where(probabilities.max(1) < 1 - reject_loss, -1, risk.argmin(1))
