# lists and loops, from the definition
def dataset_scores(matrices):
    classes = range(len(matrices[0]))
    total = [[sum(int(m[t, p]) for m in matrices) for p in classes] for t in classes]
    ious, accuracies, weighted, pixels = [], [], 0.0, sum(map(sum, total))
    for c in classes:
        hit, miss = total[c][c], sum(total[c]) - total[c][c]
        false = sum(row[c] for row in total) - hit
        if hit + miss + false:
            ious.append(hit / (hit + miss + false))
            weighted += ious[-1] * (hit + miss) / pixels
        if hit + miss:
            accuracies.append(hit / (hit + miss))
    return sum(ious) / len(ious), sum(accuracies) / len(accuracies), weighted
