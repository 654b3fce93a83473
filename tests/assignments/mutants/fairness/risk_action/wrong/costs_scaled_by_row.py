# make the rows comparable first
def best_action(probabilities, loss):
    return (probabilities @ (loss / np.abs(loss).sum(1, keepdims=True)).T).argmin(1)


def action_or_reject(probabilities, loss, reject_loss):
    risk = probabilities @ loss.T
    return np.where(risk.min(1) > reject_loss, -1, risk.argmin(1))
