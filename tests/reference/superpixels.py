"""Graph segmentation and the similarity of regions, from their definitions, slowly."""

import itertools
import math

import numpy as np
from scipy.ndimage import gaussian_filter


def felzenszwalb(image: np.ndarray, scale: float, sigma: float, min_size: int) -> np.ndarray:
    """Labels (H, W) of (C, H, W): every join repaints the whole image."""
    smooth = np.stack([gaussian_filter(plane.astype(np.float64), sigma) for plane in image])
    _, height, width = smooth.shape
    edges = []
    for order, (down, right) in enumerate([(0, 1), (1, 0), (1, 1), (1, -1)]):
        for y, x in itertools.product(range(height), range(width)):
            if y + down < height and 0 <= x + right < width:
                cost = math.sqrt(sum((plane[y, x] - plane[y + down, x + right]) ** 2 for plane in smooth))
                edges.append((cost, order, (y, x), (y + down, x + right)))
    edges.sort(key=lambda edge: edge[:3])

    labels = np.arange(height * width).reshape(height, width)
    costliest = dict.fromkeys(range(height * width), 0.0)
    for cost, _, start, end in edges:
        a, b = labels[start], labels[end]
        limits = [np.float32(costliest[i] + scale / 255 / (labels == i).sum()) for i in (a, b)]
        if a != b and all(cost < limit for limit in limits):
            labels[labels == b] = a
            costliest[a] = cost
    for _, _, start, end in edges:
        a, b = labels[start], labels[end]
        if a != b and min((labels == a).sum(), (labels == b).sum()) < min_size:
            labels[labels == b] = a
    return in_reading_order(labels)


def in_reading_order(labels: np.ndarray) -> np.ndarray:
    """The same segments, numbered by their first pixels."""
    names = list(dict.fromkeys(labels.ravel().tolist()))
    return np.vectorize(names.index)(labels)


def similarity(image: np.ndarray, a: np.ndarray, b: np.ndarray, sigma: float) -> dict[str, float]:
    """The four measures of two regions, given as masks (H, W), of (C, H, W)."""
    both = a | b
    ys, xs = np.nonzero(both)
    box = (ys.max() + 1 - ys.min()) * (xs.max() + 1 - xs.min())
    colour, texture = [], []
    for plane in image.astype(np.float64):
        bins = np.clip((plane * 25).astype(int), 0, 24)
        colour.append(common(bins, a, b, 25))
        texture.append(common(directions(gaussian_filter(plane, sigma)), a, b, 9))
    return {
        "colour": float(np.mean(colour)),
        "texture": float(np.mean(texture)),
        "size": 1 - both.sum() / both.size,
        "fill": 1 - (box - both.sum()) / both.size,
    }


def common(codes: np.ndarray, a: np.ndarray, b: np.ndarray, bins: int) -> float:
    """Intersection of two histograms that each add up to 1."""
    p, q = (np.bincount(codes[mask], minlength=bins) / mask.sum() for mask in (a, b))
    return np.minimum(p, q).sum()


def directions(plane: np.ndarray) -> np.ndarray:
    """The nearest of eight compass directions of the gradient at each pixel, by its angle; 8 where it is flat."""
    padded = np.pad(plane, 1, mode="edge")
    across = (padded[1:-1, 2:] - padded[1:-1, :-2]) / 2
    down = (padded[2:, 1:-1] - padded[:-2, 1:-1]) / 2
    nearest = np.round(np.arctan2(down, across) / (math.pi / 4)).astype(int) % 8
    return np.where(np.hypot(across, down) < 0.05, 8, nearest)
