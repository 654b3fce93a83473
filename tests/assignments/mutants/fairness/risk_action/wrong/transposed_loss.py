# probabilities times losses: a row of probabilities, a column of costs
def best_action(probabilities, loss):
    return (probabilities @ loss).argmin(1)


def action_or_reject(probabilities, loss, reject_loss):
    risk = probabilities @ loss
    return np.where(risk.min(1) > reject_loss, -1, risk.argmin(1))
