# sklearn counts, group by group
def group_counts(labels, scores, groups, threshold, weights=None):
    from sklearn.metrics import confusion_matrix

    names, table = np.unique(groups), []
    for name in names:
        mine = groups == name
        w = None if weights is None else weights[mine]
        table.append(confusion_matrix(labels[mine], scores[mine] >= threshold, labels=[0, 1], sample_weight=w).ravel())
    return names, np.array(table)


def false_positive_rates(counts):
    from sklearn.metrics import recall_score

    def rate(row):  # what recall of label 0 leaves
        return 1 - recall_score([0, 0], [0, 1], pos_label=0, sample_weight=row[:2], zero_division=np.nan)

    return np.array([rate(row) if row[:2].sum() else np.nan for row in np.asarray(counts, dtype=float)])
