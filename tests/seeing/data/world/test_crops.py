"""Cut-outs for a classifier: the object in the middle is the one that the label names."""

import pytest
import torch

from seeing.data import World
from seeing.data.world.crops import look_closer
from seeing.data.world.draws import Draws
from seeing.data.world.layout import Layout

WORLD = World(size=(96, 128), object_size=(0.2, 0.4), max_objects=5, overlap=0.8)


def windows(count: int, size: int, background: float = 0.3, jitter: float = 2.0):
    """Where each object lies in each window, and the labels."""
    draws = Draws(3, torch.arange(count))
    layout, corner, labels = look_closer(Layout.draw(draws, WORLD), draws, WORLD, size, background, jitter)
    steps = torch.arange(size) + 0.5
    corner = corner.float()
    _, inside = layout.to("cpu").paint(corner[:, :1] + steps, corner[:, 1:] + steps)
    return layout.objects.labels, inside, labels


def test_the_topmost_object_is_in_the_middle_or_nothing_is():
    kinds, inside, labels = windows(400, 64)
    counts = (kinds > 0).sum(1)
    each = torch.arange(len(labels))
    topmost = inside[each, (counts - 1).clamp(min=0)]
    shown = labels > 0
    assert topmost[shown][:, 32, 32].all()
    assert torch.equal(kinds[each, (counts - 1).clamp(min=0)][shown], labels[shown])
    # A quarter of the window around the middle is free of everything.
    assert not inside[~shown][:, :, 20:44, 32].any()
    assert not inside[~shown][:, :, 32, 20:44].any()
    assert (inside[~shown].any(1).sum((1, 2)) > 0).any(), "objects may show at the borders"


def test_without_jitter_the_middle_of_the_window_is_the_objects_centre():
    draws = Draws(3, torch.arange(50))
    layout, corner, labels = look_closer(Layout.draw(draws, WORLD), draws, WORLD, 64, background=0.0, jitter=0.0)
    for centres, kinds, start, label in zip(layout.objects.centre, layout.objects.labels, corner, labels, strict=True):
        top = kinds.nonzero().max()
        torch.testing.assert_close(start + 32, centres[top])
        assert kinds[top] == label


def test_shares_and_classes():
    images, labels = WORLD.crops(1000, seed=1, size=32)
    assert images.shape == (1000, 3, 32, 32)
    assert labels.dtype == torch.int64
    counts = torch.bincount(labels, minlength=5)
    assert counts.sum() == 1000
    assert counts.min() > 150
    assert counts.max() < 250
    assert WORLD.crops(50, background=1.0)[1].sum() == 0
    assert WORLD.crops(50, background=0.0)[1].min() > 0
    assert World(min_objects=0, max_objects=1).crops(200, background=0.0)[1].min() == 0, "an empty scene has no object"


def test_a_crop_does_not_depend_on_how_many_are_asked_for():
    images, labels = WORLD.crops(40, seed=2)
    few, first_labels = WORLD.crops(5, seed=2, first=30)
    assert torch.equal(images[30:35], few)
    assert torch.equal(labels[30:35], first_labels)


def test_a_window_shows_a_part_of_its_scene():
    """Without noise, and with its corner on the grid."""
    world = World(size=100, noise=0.0)
    layout = Layout.draw(Draws(0, torch.arange(20)), world).to("cpu")
    steps = torch.arange(100.0).expand(20, -1) + 0.5
    whole, inside = layout.paint(steps, steps)
    part, part_inside = layout.paint(steps[:, :40] + 30, steps[:, :50] + 25)
    torch.testing.assert_close(part, whole[:, :, 25:75, 30:70], atol=1e-3, rtol=0)
    assert torch.equal(part_inside, inside[:, :, 25:75, 30:70])


def test_empty_requests_and_bad_ones():
    images, labels = WORLD.crops(0, size=16)
    assert images.shape == (0, 3, 16, 16)
    assert labels.shape == (0,)
    for change, message in [
        ({"size": 0}, "size must be a whole number, 1 or more; got 0"),
        ({"background": 1.2}, "background must lie in"),
        ({"jitter": -1}, "jitter must be 0 or more"),
        ({"count": -1}, "count must be"),
    ]:
        with pytest.raises(ValueError, match=message):
            WORLD.crops(**{"count": 1, **change})
    with pytest.raises(ValueError, match="max_objects of 1 or more; got 0"):
        World(min_objects=0, max_objects=0).crops(1)
