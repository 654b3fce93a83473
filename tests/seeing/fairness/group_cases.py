"""Random decisions about groups, for several tests."""

import numpy as np


def decisions(seed: int, rows: int = 300, groups: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Labels, decisions, groups and weights; every group has both labels and both decisions."""
    random = np.random.default_rng(seed)
    group = np.r_[np.repeat(np.arange(groups), 4), random.integers(0, groups, rows)]
    label = np.r_[
        np.tile([0, 0, 1, 1], groups), random.random(rows) < 0.3 + 0.1 * random.random(groups)[group[4 * groups :]]
    ]
    chance = (0.2 + 0.5 * random.random(groups))[group]
    decision = np.where(random.random(len(group)) < 0.5, label, random.random(len(group)) < chance)
    decision[: 4 * groups] = np.tile([0, 1, 0, 1], groups)
    return label.astype(int), decision.astype(int), group, random.random(len(group)) + 0.01
