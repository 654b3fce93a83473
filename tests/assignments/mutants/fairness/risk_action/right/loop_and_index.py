# plain lists: the first index of the smallest sum
def risks_of(row, loss):
    return [sum(float(p) * float(cost) for p, cost in zip(row, costs)) for costs in loss]


def best_action(probabilities, loss):
    table = [risks_of(row, loss) for row in probabilities]
    return np.array([risks.index(min(risks)) for risks in table], dtype=int)


def action_or_reject(probabilities, loss, reject_loss):
    answers = []
    for row in probabilities:
        risks = risks_of(row, loss)
        answers.append(risks.index(min(risks)) if min(risks) <= reject_loss else -1)
    return np.array(answers, dtype=int)
