"""Penn-Fudan: 423 real pedestrians, and masks made by hand."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader
from torchvision.ops import masks_to_boxes

from seeing.data import BadFile, collate_any_size, load_penn_fudan
from seeing.data.penn_fudan import instances_to_target
from tests.seeing.data.trees import cut, noise, save

NUMBERS = np.array([[0, 1, 1, 0, 7], [0, 1, 0, 0, 7], [1, 0, 0, 0, 0]], dtype=np.uint8)


@pytest.fixture(params=[("pennfudan", "images", "masks", ""), ("PennFudanPed", "PNGImages", "PedMasks", "_mask")])
def tree(request, tmp_path):
    name, images, masks, ending = request.param
    for i, size in enumerate([(3, 5), (4, 6)]):
        save(tmp_path / name / images / f"Ped{i}.png", noise(*size, i))
        numbers = NUMBERS if i == 0 else np.zeros(size, dtype=np.uint8)
        save(tmp_path / name / masks / f"Ped{i}{ending}.png", numbers)
    return tmp_path / name


def test_the_real_masks_hold_423_pedestrians(real_data):
    dataset = load_penn_fudan(real_data, download=False, bad="skip")
    assert (len(dataset), dataset.bad) == (170, ())
    assert sum(len(dataset.target(i)["labels"]) for i in range(170)) == 423
    image, target = dataset[0]
    assert target["masks"].shape == (2, *image.shape[-2:])
    boxes = masks_to_boxes(target["masks"])
    assert torch.equal(target["boxes"], boxes + torch.tensor([0.0, 0, 1, 1]))


def test_by_hand(tree):
    dataset = load_penn_fudan(tree.parent)
    image, target = dataset[0]
    assert image.shape == (3, 3, 5)
    assert target["boxes"].tolist() == [[0, 0, 3, 3], [4, 0, 5, 2]]
    assert target["boxes"].dtype == torch.float32
    assert target["labels"].tolist() == [1, 1]
    assert target["area"].tolist() == [4, 2]
    assert target["iscrowd"].tolist() == [False, False]
    assert target["masks"].dtype == torch.bool
    assert target["masks"][1].nonzero().tolist() == [[0, 4], [1, 4]]
    assert target["image_id"] == 0
    assert dataset.classes == ("background", "pedestrian")


def test_the_folder_itself_may_be_the_root(tree):
    assert len(load_penn_fudan(tree, download=False)) == 2


def test_a_picture_without_pedestrians_has_empty_targets(tree):
    _, target = load_penn_fudan(tree)[1]
    assert {name: tuple(value.shape) for name, value in target.items() if name != "image_id"} == {
        "boxes": (0, 4),
        "labels": (0,),
        "masks": (0, 4, 6),
        "area": (0,),
        "iscrowd": (0,),
    }
    assert instances_to_target(torch.zeros(0, 0, dtype=torch.int64), 0)["boxes"].shape == (0, 4)


def test_batches_of_several_sizes(tree):
    loader = DataLoader(load_penn_fudan(tree), batch_size=2, collate_fn=collate_any_size)
    images, targets = next(iter(loader))
    assert [tuple(image.shape) for image in images] == [(3, 3, 5), (3, 4, 6)]
    assert [len(target["labels"]) for target in targets] == [2, 0]
    assert collate_any_size([]) == ([], [])


def test_bad_files(tree):
    picture = next(tree.glob("*/Ped1.png"))
    save(picture, noise(4, 7))
    with pytest.raises(BadFile, match=r"Ped1.*\.png: a mask of 4x7 pixels was expected, as its picture; got \(4, 6\)"):
        load_penn_fudan(tree)[1]
    assert len(load_penn_fudan(tree, bad="skip")) == 1
    cut(picture)
    dataset = load_penn_fudan(tree, bad="skip")
    assert len(dataset) == 1
    assert dataset.bad[0].file == str(picture)
    with pytest.raises(ValueError, match=r"Ped1\.png: "):
        load_penn_fudan(tree)[1]
