# loops over pairs, with the coordinates one after the other
def gaussian_kl(mean, log_variance, prior_mean, prior_log_variance):
    total = 0
    for mu, a, nu, b in zip(mean.T, log_variance.T, prior_mean.T, prior_log_variance.T):
        total = total + ((a - b).exp() + (mu - nu) * (mu - nu) * (-b).exp() - 1 + b - a) / 2
    return total


def squared_mmd(x, y, bandwidth, unbiased):
    def mean(a, b, skip):
        values = []
        for i in range(len(a)):
            for j in range(len(b)):
                if not (skip and i == j):
                    d = a[i] - b[j]
                    values.append(torch.exp(-d.dot(d) / (2 * bandwidth * bandwidth)))
        return sum(values) / len(values)

    return mean(x, x, unbiased) + mean(y, y, unbiased) - 2 * mean(x, y, False)
