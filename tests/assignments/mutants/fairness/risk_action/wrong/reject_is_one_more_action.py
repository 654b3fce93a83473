# to reject is the action after the last
def best_action(probabilities, loss):
    return (probabilities @ loss.T).argmin(1)


def action_or_reject(probabilities, loss, reject_loss):
    risk = np.column_stack([probabilities @ loss.T, np.full(len(probabilities), reject_loss)])
    return risk.argmin(1)
