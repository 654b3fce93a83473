# power iteration, word by word, in torch
def bias_direction(pairs):
    p = torch.as_tensor(pairs).double()
    d = (p - p.mean(1, keepdim=True)).flatten(0, 1)
    g = (p[:, 0] - p[:, 1])[0]
    g = g + 1e-3 * torch.randn(len(g), generator=torch.Generator().manual_seed(0)).double()
    for _ in range(3000):
        g = nn.functional.normalize(d.T @ (d @ g), dim=0)
    return (g if ((p[:, 0] - p[:, 1]) @ g).sum() > 0 else -g).numpy()


def neutralise(words, direction):
    w, g = torch.as_tensor(words).double(), nn.functional.normalize(torch.as_tensor(direction).double(), dim=0)
    return nn.functional.normalize(w - torch.outer(w.mv(g), g), dim=1).numpy()


def equalise(pairs, direction):
    out = np.empty_like(pairs)
    g = direction / np.linalg.norm(direction)
    for k, (one, other) in enumerate(pairs):
        mu = (one + other) / 2
        nu = mu - mu.dot(g) * g
        for i, word in enumerate((one, other)):
            along = (word.dot(g) - mu.dot(g)) * g
            out[k, i] = nu + np.sqrt(1 - nu.dot(nu)) * along / np.linalg.norm(along)
    return out
