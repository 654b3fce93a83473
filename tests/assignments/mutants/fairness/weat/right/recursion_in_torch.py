# torch cosines; a recursion that takes or leaves one word after the other
def weat(x, y, a, b):
    x, y, a, b = (torch.as_tensor(part).double() for part in (x, y, a, b))
    cosine = nn.functional.cosine_similarity
    s = torch.cat(
        [cosine(u[:, None], a[None], dim=2).mean(1) - cosine(u[:, None], b[None], dim=2).mean(1) for u in (x, y)]
    )
    effect = (s[: len(x)].mean() - s[len(x) :].mean()) / s.std()
    values, target = s.tolist(), s[: len(x)].sum().item() - 1e-9

    def count(place, left, total):
        if left == 0:
            return int(total >= target), 1
        if len(values) - place < left:
            return 0, 0
        one, other = count(place + 1, left - 1, total + values[place]), count(place + 1, left, total)
        return one[0] + other[0], one[1] + other[1]

    reached, ways = count(0, len(x), 0.0)
    return effect.item(), reached / ways
