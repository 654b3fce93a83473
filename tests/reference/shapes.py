"""Distances measured the slow way: to a crowd of points on the outline, and inside by the winding number."""

import math

import numpy as np


def star_corners(points: int, outer: float, inner: float) -> np.ndarray:
    """(2 points, 2) corners x, y, tips and notches in turn, the first tip up the y axis."""
    angles = np.arange(2 * points) * math.pi / points
    radii = np.where(np.arange(2 * points) % 2 == 0, outer, inner)
    return np.stack([radii * np.sin(angles), radii * np.cos(angles)], 1)


def winding_number(place: np.ndarray, corners: np.ndarray) -> int:
    """How often the closed outline goes around a place: the sum of the angles under which it sees the edges."""
    total = 0.0
    for a, b in zip(corners, np.roll(corners, -1, 0), strict=True):
        (ax, ay), (bx, by) = a - place, b - place
        total += math.atan2(ax * by - ay * bx, ax * bx + ay * by)
    return round(total / (2 * math.pi))


def signed_distance(places: np.ndarray, corners: np.ndarray, samples: int = 2000) -> np.ndarray:
    """Of each place, negative inside; at most half the gap between two samples too large.

    Args:
        places: (N, 2) x, y.
        corners: (M, 2) of a closed outline.
        samples: on each edge.
    """
    share = np.linspace(0, 1, samples)[:, None]
    edges = zip(corners, np.roll(corners, -1, 0), strict=True)
    crowd = np.concatenate([a + share * (b - a) for a, b in edges])
    signed = []
    for place in places:
        distance = np.sqrt(((crowd - place) ** 2).sum(1).min())
        signed.append(-distance if winding_number(place, corners) else distance)
    return np.array(signed)
