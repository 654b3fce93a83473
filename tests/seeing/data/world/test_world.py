"""The world: the same scenes for everybody, of any size, and no class that gives itself away."""

import dataclasses

import pytest
import torch
from sklearn.feature_selection import f_classif

from seeing.data import CLASSES, Scenes, World
from seeing.data.world.draws import Draws
from seeing.data.world.layout import Layout

FIELDS = [field.name for field in dataclasses.fields(Scenes)]


def same(a: Scenes, b: Scenes) -> bool:
    return all(torch.equal(getattr(a, name), getattr(b, name)) for name in FIELDS)


@pytest.fixture(scope="module")
def many() -> Scenes:
    return World().scenes(1000, seed=1)


def test_shapes_and_types():
    scenes = World(size=(20, 30), max_objects=3).scenes(5)
    wanted = {
        "image": ((5, 3, 20, 30), torch.float32),
        "semantic": ((5, 20, 30), torch.int64),
        "masks": ((5, 3, 20, 30), torch.bool),
        "boxes": ((5, 3, 4), torch.float32),
        "labels": ((5, 3), torch.int64),
        "ignored": ((5, 3), torch.int64),
        "number": ((5,), torch.int64),
    }
    assert {name: (tuple(getattr(scenes, name).shape), getattr(scenes, name).dtype) for name in FIELDS} == wanted
    assert scenes.image.min() >= 0
    assert scenes.image.max() <= 1


def test_a_scene_does_not_depend_on_how_many_are_asked_for():
    world = World.of_difficulty(0.7)
    scenes = world.scenes(100, seed=4)
    assert same(scenes[:10], world.scenes(10, seed=4))
    assert same(scenes[37:40], world.scenes(3, seed=4, first=37))
    assert same(scenes[torch.tensor([9, 3])], world.numbered([9, 3], seed=4))
    batches = list(world.batches(100, batch_size=48, seed=4))
    assert [len(batch) for batch in batches] == [48, 48, 4]
    assert same(scenes[48:96], batches[1])


def test_another_seed_gives_unrelated_scenes():
    world = World(noise=0.0)
    a, b = world.scenes(200, seed=0).image.flatten(1), world.scenes(200, seed=1).image.flatten(1)
    nearest = torch.cdist(a, b).amin()
    assert nearest > 0.3 * torch.cdist(a, a).fill_diagonal_(torch.inf).amin()


def test_the_readers_default_type_changes_nothing():
    expected = World().scenes(4), World().crops(4)
    torch.set_default_dtype(torch.float64)
    try:
        scenes, crops = World().scenes(4), World().crops(4)
    finally:
        torch.set_default_dtype(torch.float32)
    assert same(scenes, expected[0])
    assert scenes.image.dtype == torch.float32
    assert torch.equal(crops[0], expected[1][0])


def test_the_global_generator_is_left_alone():
    torch.manual_seed(0)
    state = torch.get_rng_state()
    World().scenes(3)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("size", [1, 2, (1, 40), (33, 7), (130, 200), 512])
def test_any_size(size):
    world = World(size=size)
    scenes = world.scenes(2, seed=1)
    assert scenes.image.shape == (2, 3, *world.shape)
    assert scenes.image.isfinite().all()
    assert scenes.boxes[..., 2].max() <= world.shape[1]
    assert scenes.boxes[..., 3].max() <= world.shape[0]


@pytest.mark.parametrize("count", [0, 1])
def test_few_scenes_and_no_objects(count):
    scenes = World(min_objects=0, max_objects=0).scenes(count)
    assert scenes.masks.shape == (count, 0, 64, 64)
    assert scenes.semantic.shape == (count, 64, 64)
    assert not scenes.semantic.any()
    assert World().scenes(0).boxes.shape == (0, 4, 4)
    assert list(World().batches(0)) == []


def test_as_many_objects_as_promised():
    world = World(min_objects=2, max_objects=5, min_pixels=0, min_visible=0.0, object_size=(0.2, 0.25), overlap=0.0)
    counts = (world.scenes(500).labels > 0).sum(1)
    assert torch.bincount(counts, minlength=6)[2:].min() > 90
    assert counts.min() == 2


def test_sizes_are_as_promised_and_the_same_for_all_classes():
    world = World(size=64, max_objects=1, object_size=(0.2, 0.4), overlap=0.0)
    scenes = world.scenes(600)
    # The middle of the picture only: nothing is cut off by the border.
    inside = (scenes.boxes[:, 0, :2] > 0).all(1) & (scenes.boxes[:, 0, 2:] < 64).all(1)
    side, labels = scenes.masks[inside, 0].sum((1, 2)).sqrt() / 64, scenes.labels[inside, 0]
    assert 0.18 < side.min() < 0.21
    assert 0.37 < side.max() < 0.41
    means = torch.stack([side[labels == k].mean() for k in range(1, 5)])
    assert means.max() - means.min() < 0.02


def test_objects_keep_clear_of_each_other_when_told_to():
    world = World(size=80, object_size=(0.1, 0.15), overlap=0.0, stretch=1.0)
    scenes = world.scenes(150)
    steps = torch.arange(80.0).expand(150, -1) + 0.5
    _, whole = Layout.draw(Draws(0, torch.arange(150)), world).to("cpu").paint(steps, steps)
    assert torch.equal(scenes.masks, whole)


def test_classes_are_equally_frequent(many):
    counts = torch.bincount(many.labels.flatten(), minlength=5)[1:].double()
    chi2 = ((counts - counts.mean()) ** 2 / counts.mean()).sum()
    assert chi2 < 16.3, "3 degrees of freedom: larger by chance once in 1,000"


def test_colour_says_nothing_about_the_class(many):
    """An analysis of variance of the mean colour of each object, channel by channel."""
    asked = many.labels > 0
    masks = many.masks[asked]
    images = many.image[:, None].expand(-1, 4, -1, -1, -1)[asked]
    colours = (images * masks[:, None]).sum((2, 3)) / masks.sum((1, 2))[:, None]
    _, chance = f_classif(colours.numpy(), many.labels[asked].numpy())
    assert chance.min() > 0.001
    assert colours.std(0).min() > 0.1, "and there are colours"


def test_objects_differ_from_their_background(many):
    """The mean colour inside and just around each object is not the same: nobody is asked for what cannot be seen."""
    asked = many.labels > 0
    masks = many.masks[asked]
    images = many.image[:, None].expand(-1, 4, -1, -1, -1)[asked]
    ground = (many.semantic == 0)[:, None].expand(-1, 4, -1, -1)[asked]
    means = [(images * m[:, None]).sum((2, 3)) / m.sum((1, 2))[:, None] for m in (masks, ground)]
    assert ((means[0] - means[1]).norm(dim=1) > 0.1).float().mean() > 0.99


def test_harder_is_harder():
    """Lower contrast, more that is hidden, more edges on the background."""
    easy, hard = (World.of_difficulty(d).scenes(200) for d in (0.0, 1.0))
    assert (easy.ignored > 0).sum() < (hard.ignored > 0).sum()
    areas = [scenes.masks.sum((2, 3))[scenes.labels > 0].float() for scenes in (easy, hard)]
    assert areas[0].std() / areas[0].mean() < areas[1].std() / areas[1].mean()
    roughness = [
        (s.image[..., 1:] - s.image[..., :-1]).abs()[s.semantic[:, None, :, 1:].expand(-1, 3, -1, -1) == 0]
        for s in (easy, hard)
    ]
    assert roughness[0].mean() < roughness[1].mean()


def test_difficulty_keeps_the_scene():
    """The same seed: the same backgrounds, the same number of objects of the same classes."""
    easy, hard = (Layout.draw(Draws(2, torch.arange(50)), World.of_difficulty(d)) for d in (0.0, 1.0))
    assert torch.equal(easy.objects.labels, hard.objects.labels)
    assert torch.equal(easy.background.colours, hard.background.colours)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"size": 0}, "size must be a whole number or .height, width., 1 or more; got 0"),
        ({"size": (3, 4, 5)}, "size must be"),
        ({"size": 6.0}, "size must be"),
        ({"min_objects": 5}, "min_objects must be at most max_objects; got 5"),
        ({"min_objects": -1}, "min_objects must be a whole number, 0 or more; got -1"),
        ({"clutter": 1.5}, "clutter must be a whole number"),
        ({"object_size": (0.5, 0.2)}, "object_size must be"),
        ({"object_size": (0.0, 0.2)}, "object_size must be"),
        ({"object_size": (0.1, float("nan"))}, "object_size must be"),
        ({"overlap": 1.5}, r"overlap must lie in \[0, 1\]; got 1.5"),
        ({"contrast": float("nan")}, "contrast must lie in"),
        ({"stretch": 0.9}, "stretch must be 1 or more"),
        ({"noise": float("inf")}, "noise must be 0 or more, and finite"),
    ],
)
def test_a_world_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        World(**change)


def test_bad_requests_are_refused():
    world = World()
    with pytest.raises(ValueError, match="count must be a whole number, 0 or more; got -1"):
        world.scenes(-1)
    with pytest.raises(ValueError, match="first must be"):
        world.scenes(1, first=-3)
    with pytest.raises(ValueError, match="seed must be"):
        world.scenes(1, seed=-1)
    with pytest.raises(ValueError, match="seed must be"):
        world.batches(1, seed=2**63)
    with pytest.raises(ValueError, match="batch_size must be 1 or more; got 0"):
        world.batches(1, batch_size=0)
    with pytest.raises(ValueError, match="numbers of scenes"):
        world.numbered([0.5])
    with pytest.raises(ValueError, match="numbers of scenes"):
        world.numbered([3, -1])
    with pytest.raises(ValueError, match=r"difficulty must lie in \[0, 1\]; got 2"):
        World.of_difficulty(2)


def test_the_book_names_every_class():
    assert CLASSES == ("background", "disc", "triangle", "square", "star")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_graphics_card_paints_the_same_scenes():
    world = World.of_difficulty(0.8, size=(60, 80))
    here, there = world.scenes(200, seed=5), world.scenes(200, seed=5, device="cuda")
    assert all(getattr(there, name).is_cuda for name in FIELDS)
    there = there.to("cpu")
    # A pixel whose centre lies on an edge to seven digits may fall on either side.
    assert (here.semantic != there.semantic).sum() <= 20
    settled = (here.semantic == there.semantic).all((1, 2))
    assert (here.image - there.image)[settled].abs().max() < 1e-3
    for name in ("masks", "boxes", "labels", "ignored", "number"):
        assert torch.equal(getattr(here, name)[settled], getattr(there, name)[settled])
    images, labels = world.crops(100, seed=5, device="cuda")
    assert torch.equal(labels.cpu(), world.crops(100, seed=5)[1])
    assert (images.cpu() - world.crops(100, seed=5)[0]).abs().median() < 1e-4
