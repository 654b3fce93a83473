# the best action has the most
def best_action(probabilities, loss):
    return (probabilities @ loss.T).argmax(1)


def action_or_reject(probabilities, loss, reject_loss):
    risk = probabilities @ loss.T
    return np.where(risk.min(1) > reject_loss, -1, risk.argmax(1))
