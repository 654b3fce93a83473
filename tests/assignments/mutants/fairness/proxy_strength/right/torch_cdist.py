# torch.cdist, and a confusion matrix whose diagonal is divided by its rows
def proxy_strength(table, attribute, fold):
    x, a, f = torch.as_tensor(table), torch.as_tensor(attribute), torch.as_tensor(fold)
    names, a = a.unique(return_inverse=True)
    table_of = torch.zeros(len(names), len(names))
    for one in f.unique():
        m = f == one
        s = x[~m].std(0, correction=0)
        keep = (s > 0).nonzero()[:, 0]
        near = torch.cdist(
            x[m][:, keep] / s[keep], x[~m][:, keep] / s[keep], compute_mode="donot_use_mm_for_euclid_dist"
        ).argmin(1)
        for truth, said in zip(a[m], a[~m][near]):
            table_of[truth, said] += 1
    return (table_of.diagonal() / table_of.sum(1)).mean().item()
