# a <= in the loop
def best_action(probabilities, loss):
    best = []
    for p in probabilities:
        action, least = 0, np.inf
        for a, costs in enumerate(loss):
            risk = float(p @ costs)
            if risk <= least:
                action, least = a, risk
        best.append(action)
    return np.array(best, dtype=int)


def action_or_reject(probabilities, loss, reject_loss):
    risk = probabilities @ loss.T
    return np.where(risk.min(1) > reject_loss, -1, risk.argmin(1))
