# every subset as a number whose bits are the words, kept where the count is n
def weat(x, y, a, b):
    def cosines(u, v):
        return (u @ v.T) / np.sqrt((u * u).sum(1))[:, None] / np.sqrt((v * v).sum(1))

    s = np.concatenate([cosines(u, a).mean(1) - cosines(u, b).mean(1) for u in (x, y)])
    masks = (np.arange(2 ** len(s))[:, None] >> np.arange(len(s))) & 1
    masks = masks[masks.sum(1) == len(x)]
    totals = masks @ s
    p = np.count_nonzero(totals > s[: len(x)].sum() - 1e-9) / len(totals)
    spread = np.sqrt(np.sum((s - s.mean()) ** 2) / (s.size - 1))
    return float((np.mean(s[: len(x)]) - np.mean(s[len(x) :])) / spread), p
