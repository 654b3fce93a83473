# compare the cost with what the actions cost on average
def best_action(probabilities, loss):
    return (probabilities @ loss.T).argmin(1)


def action_or_reject(probabilities, loss, reject_loss):
    risk = probabilities @ loss.T
    return np.where(risk.mean(1) > reject_loss, -1, risk.argmin(1))
