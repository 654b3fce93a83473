"""Cameras by hand on single pixels; statistics of a batch normalisation against those of the pictures themselves."""

import pytest
import torch
from torch import nn

from seeing.fairness.representations.camera import Camera, adapt_batch_norm, small_encoder, standardise_colours


def pixel(*colour):
    return torch.tensor(colour).reshape(1, 3, 1, 1)


def test_a_pixel_by_hand():
    """Red .25, green .81, blue 0: mixed, square-rooted, scaled and lifted."""
    camera = Camera(
        mix=torch.tensor([[[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]]),
        gamma=torch.tensor([[0.5]]),
        gain=torch.tensor([[0.5, 1.0, 1.0]]),
        lift=torch.tensor([[0.0, 0.1, 0.2]]),
    )
    torch.testing.assert_close(camera.take(pixel(0.25, 0.81, 0.0)), pixel(0.45, 0.6, 0.2))


def test_colours_are_cut_off():
    one = torch.ones(1, 3)
    camera = Camera(torch.eye(3)[None], torch.ones(1, 1), 2 * one, -0.5 * one)
    torch.testing.assert_close(camera.take(pixel(0.1, 0.5, 0.9)), pixel(0.0, 0.5, 1.0))


def test_the_new_camera_takes_all_pictures_alike_and_keeps_colours_in_range():
    images = torch.rand(3, 3, 5, 4)
    taken = Camera.cheap().take(images)
    assert taken.shape == images.shape
    assert taken.min() >= 0
    assert taken.max() <= 1
    torch.testing.assert_close(taken[1:2], Camera.cheap().take(images[1:2]))
    assert Camera.cheap().take(images[:0]).shape == (0, 3, 5, 4)


def test_random_cameras():
    camera = Camera.random(500, torch.Generator().manual_seed(0))
    torch.testing.assert_close(camera.mix.sum(2), torch.ones(500, 3))
    assert camera.mix.min() >= 0
    assert camera.gamma.min() >= 0.5
    assert camera.gamma.max() <= 2
    assert camera.gain.min() >= 0.3
    assert camera.lift.min() >= 0
    assert (camera.gain + camera.lift).max() <= 1 + 1e-6
    torch.testing.assert_close(camera.mix.mean((0, 1)), torch.full((3,), 1 / 3), atol=0.03, rtol=0)
    again = Camera.random(500, torch.Generator().manual_seed(0))
    assert torch.equal(again.mix, camera.mix)
    images = torch.rand(500, 3, 2, 2)
    taken = camera.take(images)
    one = Camera(camera.mix[7:8], camera.gamma[7:8], camera.gain[7:8], camera.lift[7:8])
    torch.testing.assert_close(one.take(images[7:8]), taken[7:8])


def test_standardised_colours_forget_gain_and_lift():
    images = torch.rand(2, 3, 6, 6)
    done = standardise_colours(images)
    torch.testing.assert_close(done.mean((2, 3)), torch.zeros(2, 3), atol=1e-6, rtol=0)
    torch.testing.assert_close(done.square().mean((2, 3)), torch.ones(2, 3))
    torch.testing.assert_close(standardise_colours(0.3 * images + 0.5), done, atol=1e-4, rtol=1e-4)
    assert not standardise_colours(torch.zeros(1, 3, 4, 4)).any()


def test_statistics_are_those_of_the_other_pictures():
    """Equal batches: the mean is that of all, the variance the mean of the batches' own."""
    model = nn.Sequential(nn.BatchNorm2d(3), nn.Flatten())
    weights = [p.clone() for p in model.parameters()]
    images = 5 + 2 * torch.randn(20, 3, 4, 4)
    adapt_batch_norm(model, images, batch=10)
    torch.testing.assert_close(model[0].running_mean, images.mean((0, 2, 3)))
    variances = torch.stack([part.var((0, 2, 3)) for part in images.split(10)])
    torch.testing.assert_close(model[0].running_var, variances.mean(0))
    assert all(torch.equal(a, b) for a, b in zip(weights, model.parameters(), strict=True))
    assert not model.training
    assert model[0].momentum == 0.1


def test_one_picture_left_over_joins_no_batch():
    model, images = nn.Sequential(nn.BatchNorm1d(2)), torch.randn(5, 2)
    adapt_batch_norm(model, images, batch=4)
    torch.testing.assert_close(model[0].running_mean, images[:4].mean(0))


@pytest.mark.parametrize(
    ("model", "count"),
    [(nn.Linear(2, 2), 4), (nn.BatchNorm1d(2), 1), (nn.BatchNorm1d(2, track_running_stats=False), 4)],
)
def test_refuses(model, count):
    with pytest.raises(ValueError, match="two pictures are needed; got"):
        adapt_batch_norm(model, torch.zeros(count, 2))


def test_small_encoder():
    torch.manual_seed(0)
    encoder = small_encoder(size=10, widths=(2, 3, 4))
    z = encoder(torch.rand(6, 3, 32, 32))
    assert z.shape == (6, 10)
    assert z.min() >= 0
    assert sum(p.numel() for p in encoder.parameters()) == 27 * 2 + 4 + 18 * 3 + 6 + 27 * 4 + 8 + 64 * 10 + 10
