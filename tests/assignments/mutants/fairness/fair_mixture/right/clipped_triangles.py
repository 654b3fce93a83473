# cut one triangle after the other out of the first, then look at the corners; in torch
def clipped(polygon, first, second):
    def side(p):  # positive on the right of the way from first to second
        return (second[1] - first[1]) * (p[0] - first[0]) - (second[0] - first[0]) * (p[1] - first[1])

    kept = []
    for here, there in zip(polygon, polygon[1:] + polygon[:1]):
        a, b = side(here), side(there)
        if a >= -1e-12:
            kept.append(here)
        if (a > 1e-12 and b < -1e-12) or (a < -1e-12 and b > 1e-12):
            s = a / (a - b)
            kept.append((here[0] + s * (there[0] - here[0]), here[1] + s * (there[1] - here[1])))
    return kept


def fair_point(points, negatives, positives):
    polygon = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
    for f, t in points:
        polygon = clipped(polygon, (0.0, 0.0), (float(f), float(t)))
        polygon = clipped(polygon, (float(f), float(t)), (1.0, 1.0))
    errors = [float(negatives.sum()) * x - float(positives.sum()) * y for x, y in polygon]
    return polygon[errors.index(min(errors))]


def acceptance(points, target):
    points = torch.as_tensor(points).double()
    equations = torch.stack([1 - points, points], dim=2)
    goal = torch.tensor([[float(target[0])], [float(target[1])]]).double()
    return (torch.linalg.inv(equations) @ goal)[:, :, 0]


def expected_rates(labels, predictions, group, probabilities):
    rates = torch.zeros(len(probabilities), 2, dtype=torch.float64)
    people = torch.zeros(len(probabilities), 2, dtype=torch.float64)
    for y, d, g in zip(labels.tolist(), predictions.tolist(), group.tolist()):
        rates[g, y] += float(probabilities[g, d])
        people[g, y] += 1
    return rates / people
