"""Signed distances against a crowd of points on the outline, by hand, and by what a distance must be."""

import math

import numpy as np
import pytest
import torch

from seeing.data.world.shapes import (
    CLASSES,
    OUTLINES,
    coordinates,
    rotation,
    rounded_star_area,
    rounded_star_distance,
    star_distance,
    stroke_distance,
)
from tests.reference import shapes as reference


def number(value: float) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64)


def places(count: int, reach: float, seed: int = 0) -> torch.Tensor:
    """(count, 2) from -reach to reach."""
    return (torch.rand(count, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 2 - 1) * reach


def distance_to(name: str, p: torch.Tensor, size: float = 1.0) -> torch.Tensor:
    points, inner, roundness = map(number, OUTLINES[name])
    return rounded_star_distance(p[..., 0], p[..., 1], points, number(size), inner * size, roundness)


@pytest.mark.parametrize("inner", [2.0, 4.5, 7.0, "polygon"])
@pytest.mark.parametrize("points", range(3, 10))
def test_a_star_equals_the_distance_to_a_crowd_of_points(points, inner):
    inner = 10 * math.cos(math.pi / points) if inner == "polygon" else inner
    p = places(60, 16.0, seed=points)
    wanted = reference.signed_distance(p.numpy(), reference.star_corners(points, 10.0, inner))
    got = star_distance(p[:, 0], p[:, 1], number(float(points)), number(10.0), number(inner))
    np.testing.assert_allclose(got, wanted, atol=0.005)
    assert ((got.numpy() < 0) == (wanted < 0)).all()


def test_a_square_by_hand():
    """Tips at distance 2 on the axes, so edges at distance sqrt(2) from the centre."""
    p = torch.tensor([[0.0, 0], [0, 2], [0, 5], [-3, 0], [2, 2], [0.5, 0.5], [1, -1]], dtype=torch.float64)
    root = math.sqrt(2)
    wanted = [-root, 0, 3, 1, 2 * root - root, 0.5 * root - root, 0]
    torch.testing.assert_close(distance_to("square", p, 2.0), torch.tensor(wanted, dtype=torch.float64))


def test_a_disc_is_a_point_with_a_radius():
    p = places(500, 3.0)
    torch.testing.assert_close(distance_to("disc", p), p.norm(dim=1) - 1)


@pytest.mark.parametrize("name", CLASSES[1:])
def test_a_distance_has_slope_one_but_on_ridges(name):
    p = places(2000, 2.0).requires_grad_()
    (slope,) = torch.autograd.grad(distance_to(name, p).sum(), p)
    assert ((slope.norm(dim=1) - 1).abs() < 1e-9).all(), "a random place lies on a ridge with probability 0"


@pytest.mark.parametrize("name", CLASSES[1:])
def test_a_distance_never_grows_faster_than_the_way(name):
    p, q = places(2000, 2.0, seed=1), places(2000, 2.0, seed=2)
    assert ((distance_to(name, p) - distance_to(name, q)).abs() <= (p - q).norm(dim=1) + 1e-12).all()


def test_gradients():
    p = places(40, 2.0).requires_grad_()
    outer, inner, roundness = (number(v).requires_grad_() for v in (1.0, 0.45, 0.1))
    star = lambda *a: rounded_star_distance(a[0][:, 0], a[0][:, 1], number(5.0), *a[1:])  # noqa: E731
    assert torch.autograd.gradcheck(star, (p, outer, inner, roundness))
    bar = lambda *a: stroke_distance(a[0][:, 0], a[0][:, 1], *a[1:])  # noqa: E731
    assert torch.autograd.gradcheck(bar, (p, number(1.0).requires_grad_(), number(0.3).requires_grad_()))


@pytest.mark.parametrize(("points", "inner"), [(3, 0.5), (4, math.sqrt(0.5)), (5, 0.45)])
def test_outside_a_rounded_star_the_padding_is_taken_off(points, inner):
    p = places(400, 2.0)
    core = reference.signed_distance(p.numpy(), reference.star_corners(points, 0.7, 0.7 * inner), samples=4000)
    got = rounded_star_distance(p[:, 0], p[:, 1], number(float(points)), number(1.0), number(inner), number(0.3))
    np.testing.assert_allclose(got, core - 0.3, atol=5e-4)


def test_inside_a_rounded_square_too():
    """0.6 core, 0.4 padding: the edge moves to 0.6 sqrt(0.5) + 0.4 from the centre."""
    got = rounded_star_distance(*map(number, (0.0, 0.0, 4.0, 1.0, math.sqrt(0.5), 0.4)))
    assert got.item() == pytest.approx(-(0.6 * math.sqrt(0.5) + 0.4))


@pytest.mark.parametrize("roundness", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(("points", "inner"), [(3, 0.5), (4, math.sqrt(0.5)), (5, 0.45), (9, 0.8)])
def test_the_area_is_the_number_of_pixels(points, inner, roundness):
    axis = torch.arange(-1.1, 1.1, 0.002, dtype=torch.float64)
    shape = map(number, (points, 1.0, inner, roundness))
    counted = (rounded_star_distance(axis[None], axis[:, None], *shape) < 0).sum() * 0.002**2
    area = rounded_star_area(*map(number, (points, inner, roundness)))
    assert counted <= area * 1.001
    assert area == pytest.approx(counted.item(), rel=0.002 if roundness in (0, 1) or points < 5 else 0.06)


def test_a_bar_against_points_on_its_middle_line():
    p = places(200, 4.0)
    line = torch.stack([torch.linspace(-1.5, 1.5, 5000), torch.zeros(5000)], 1).double()
    wanted = torch.cdist(p, line).amin(1) - 0.25
    got = stroke_distance(p[:, 0], p[:, 1], number(3.0), number(0.5))
    torch.testing.assert_close(got, wanted, rtol=0, atol=1e-5)


def test_coordinates_are_a_matrix_times_every_place():
    generator = torch.Generator().manual_seed(0)
    frame, x, y = (torch.randn(*shape, generator=generator) for shape in [(3, 2, 2), (3, 5), (3, 4)])
    u, v = coordinates(frame, x, y)
    for n, i, j in np.ndindex(3, 4, 5):
        wanted = frame[n] @ torch.stack([x[n, j], y[n, i]])
        torch.testing.assert_close(torch.stack([u[n, i, j], v[n, i, j]]), wanted)


def test_a_quarter_turn_by_hand():
    up = torch.tensor([0.0, 1.0])
    torch.testing.assert_close(rotation(torch.tensor(math.pi / 2)) @ up, torch.tensor([1.0, 0.0]))


@pytest.mark.parametrize("name", CLASSES[2:])
def test_a_stretched_shape_keeps_its_mask_and_bounds_its_distance(name):
    """Stretching by s scales every distance by something between 1 / s and s, and moves no sign."""
    stretch = 1.25
    frame = torch.tensor([[stretch, 0], [0, 1 / stretch]], dtype=torch.float64) @ rotation(number(0.7))
    p = places(150, 2.0)
    points, inner, _ = OUTLINES[name]
    corners = reference.star_corners(points, 1.0, inner) @ torch.linalg.inv(frame).T.numpy()
    true = torch.from_numpy(reference.signed_distance(p.numpy(), corners, samples=4000))
    got = distance_to(name, p @ frame.T)
    assert torch.equal(got < 0, true < 0)
    assert (got.abs() <= true.abs() * stretch + 1e-9).all()
    assert (got.abs() >= true.abs() / stretch - 1e-3).all()
