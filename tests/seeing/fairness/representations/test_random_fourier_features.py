"""Random Fourier features against the kernel that they stand for."""

import math

import pytest
import torch

from seeing.fairness.representations.mmd import gaussian_kernel, mmd_squared
from seeing.fairness.representations.random_fourier_features import mmd_squared_fourier, random_fourier_features
from tests.seeing.fairness.representations.test_mmd import points


@pytest.mark.parametrize("bandwidth", [0.7, 2.0])
def test_inner_products_are_the_kernel(bandwidth):
    x, y = points(6), points(5, seed=1)
    psi = random_fourier_features(3, bandwidth, features=40_000, like=x)
    assert psi(x).shape == (6, 40_000)
    torch.testing.assert_close(psi(x) @ psi(y).T, gaussian_kernel(x, y, bandwidth), rtol=0, atol=0.03)


def test_the_discrepancy_is_right_on_average_and_better_with_more_features():
    x, y = points(15), points(12, seed=1, shift=0.7)
    exact = float(mmd_squared(x, y, 1.5))

    def draws(features):
        return torch.tensor(
            [
                float(mmd_squared_fourier(x, y, random_fourier_features(3, 1.5, features=features, seed=s, like=x)))
                for s in range(400)
            ]
        )

    few, many = draws(20), draws(500)
    assert float(few.mean()) == pytest.approx(exact, abs=4 * float(few.std()) / 20)
    assert float(many.mean()) == pytest.approx(exact, abs=4 * float(many.std()) / 20)
    assert float(many.std()) == pytest.approx(float(few.std()) / 5, rel=0.25)
    assert few.min() >= 0


def test_equals_a_loop_by_definition():
    x, y = points(3), points(4, seed=1)
    psi = random_fourier_features(3, 1.0, features=7, seed=2, like=x)

    def feature(point, column):
        angle = sum(float(a * b) for a, b in zip(point, psi.frequencies[:, column], strict=True))
        return math.sqrt(2 / 7) * math.cos(angle + float(psi.phases[column]))

    wanted = 0
    for column in range(7):
        means = [sum(feature(p, column) for p in sample) / len(sample) for sample in (x, y)]
        wanted += (means[0] - means[1]) ** 2
    assert float(mmd_squared_fourier(x, y, psi)) == pytest.approx(wanted, abs=1e-14)


def test_gradients_and_equal_samples():
    x, y = points(3).requires_grad_(), points(4, seed=1).requires_grad_()
    psi = random_fourier_features(3, 1.0, features=11, like=x)
    assert torch.autograd.gradcheck(lambda a, b: mmd_squared_fourier(a, b, psi), (x, y))
    assert mmd_squared_fourier(x, x, psi) == 0


def test_a_seed_means_the_same_in_every_type():
    double = random_fourier_features(3, 2.0, seed=5, like=points(1))
    single = random_fourier_features(3, torch.tensor(2.0), seed=5)
    assert torch.equal(double.frequencies.float(), single.frequencies)
    assert not torch.equal(single.phases, random_fourier_features(3, 2.0, seed=6).phases)
    assert single.frequencies.dtype == torch.float32


def test_bad_input_is_refused_with_what_came():
    for changed in ({"width": 0}, {"bandwidth": 0.0}, {"features": 0}, {"bandwidth": math.nan}):
        with pytest.raises(ValueError, match=str(next(iter(changed.values())))):
            random_fourier_features(**{"width": 2, "bandwidth": 1.0, **changed})
    psi = random_fourier_features(2, 1.0)
    with pytest.raises(ValueError, match=r"points must be \(N, 2\) torch.float32 on cpu; got \(3, 3\) torch.float64"):
        psi(points(3))
    with pytest.raises(ValueError, match="got 0 and 2"):
        mmd_squared_fourier(torch.zeros(0, 2), torch.zeros(2, 2), psi)
