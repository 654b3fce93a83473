"""The world behind a DataLoader."""

import pytest
import torch
from torch.utils.data import DataLoader

from seeing.data import World, WorldDataset, collate_detection

WORLD = World(size=24)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_gives_the_scenes_in_order(workers):
    scenes = WORLD.scenes(70, seed=3)
    loader = DataLoader(WorldDataset(WORLD, 70, seed=3), batch_size=32, num_workers=workers)
    images, maps = (torch.cat(parts) for parts in zip(*loader, strict=True))
    assert torch.equal(images, scenes.image)
    assert torch.equal(maps, scenes.semantic)


def test_detection_targets_mark_what_is_ignored():
    world = World(size=48, max_objects=6, object_size=(0.3, 0.6), overlap=1.0)
    data = WorldDataset(world, 40, task="detection")
    wanted = world.scenes(40).targets(include_ignored=True)
    batches = list(DataLoader(data, batch_size=32, collate_fn=collate_detection))
    assert [tuple(images.shape) for images, _ in batches] == [(32, 3, 48, 48), (8, 3, 48, 48)]
    targets = [target for _, batch in batches for target in batch]
    assert [target["image_id"] for target in targets] == list(range(40))
    for got, target in zip(targets, wanted, strict=True):
        assert torch.equal(got["boxes"], target["boxes"])
        assert torch.equal(got["iscrowd"], target["iscrowd"])
    assert any(target["iscrowd"].any() for target in targets)


def test_shuffled_samples_are_the_same_samples():
    data = WorldDataset(WORLD, 20)
    image, labels = data[13]
    assert torch.equal(image, WORLD.scenes(20).image[13])
    assert labels.shape == (24, 24)
    shuffled = DataLoader(data, batch_size=20, shuffle=True, generator=torch.Generator().manual_seed(0))
    images, _ = next(iter(shuffled))
    assert sorted(images.sum((1, 2, 3)).tolist()) == sorted(WORLD.scenes(20).image.sum((1, 2, 3)).tolist())


def test_it_ends():
    data = WorldDataset(WORLD, 3)
    assert len(data) == 3
    assert len(list(data)) == 3
    for index in (3, -1):
        with pytest.raises(IndexError, match="there are 3 scenes"):
            data[index]


def test_bad_requests_are_refused():
    with pytest.raises(ValueError, match='task must be "segmentation" or "detection"; got \'panoptic\''):
        WorldDataset(WORLD, 3, task="panoptic")
    with pytest.raises(ValueError, match="count must be a whole number, 0 or more; got -1"):
        WorldDataset(WORLD, -1)
