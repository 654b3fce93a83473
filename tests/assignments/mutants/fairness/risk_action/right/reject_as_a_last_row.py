# to hand on is a row of constant cost; it stands last, so it loses every tie
def best_action(probabilities, loss):
    return np.argmax(-np.einsum("nk,ak->na", probabilities, loss), axis=1)


def action_or_reject(probabilities, loss, reject_loss):
    risk = np.einsum("nk,ak->na", probabilities, loss)
    action = np.hstack([risk, np.full((len(risk), 1), float(reject_loss))]).argmin(1)
    action[action == len(loss)] = -1
    return action
