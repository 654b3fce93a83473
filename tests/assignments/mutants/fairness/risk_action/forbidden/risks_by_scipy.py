# scipy multiplies the matrices
from scipy.linalg.blas import dgemm


def best_action(probabilities, loss):
    return np.asarray(dgemm(1.0, probabilities, loss, trans_b=True)).argmin(1)


def action_or_reject(probabilities, loss, reject_loss):
    risk = np.asarray(dgemm(1.0, probabilities, loss, trans_b=True))
    return np.where(risk.min(1) > reject_loss, -1, risk.argmin(1))
