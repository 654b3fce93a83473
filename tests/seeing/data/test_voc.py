"""PASCAL VOC and Oxford-IIIT Pet: small sets in torchvision's folders, and a torchvision that cannot download."""

import sys
import urllib.error

import numpy as np
import pytest
import torch
import torchvision

from seeing.data import BadFile, DataNotFound, load_oxford_pets, load_voc
from tests.seeing.data.trees import cut, noise, save, voc_xml, write

LABELS = np.array([[0, 15, 255], [20, 1, 0]], dtype=np.uint8)
TRIMAP = np.array([[1, 2, 3], [1, 1, 2]], dtype=np.uint8)


def make_voc(folder, year="2012", split="train"):
    base = folder / "VOCdevkit" / f"VOC{year}"
    for name in ("a", "b"):
        save(base / "JPEGImages" / f"{name}.jpg", noise(2, 3))
        save(base / "SegmentationClass" / f"{name}.png", LABELS)
    write(
        base / "Annotations" / "a.xml", voc_xml(("dog", 1, 1, 2, 2), ("person", 2, 1, 3, 2), difficult=1, size=(2, 3))
    )
    write(base / "Annotations" / "b.xml", voc_xml(("cat", 1.5, 1, 2.5, 2), size=(2, 3)))
    for kind in ("Main", "Segmentation"):
        write(base / "ImageSets" / kind / f"{split}.txt", "b\na\n")
    return base


def make_pets(folder):
    base = folder / "oxford-iiit-pet"
    for name in ("Abyssinian_1", "great_pyrenees_2", "Abyssinian_3"):
        save(base / "images" / f"{name}.jpg", noise(2, 3))
        save(base / "annotations" / "trimaps" / f"{name}.png", TRIMAP)
    write(
        base / "annotations" / "trainval.txt",
        "#head\nAbyssinian_1 1 1 1\ngreat_pyrenees_2 15 2 9\nAbyssinian_3 1 1 1\n",
    )
    return base


@pytest.mark.parametrize("below", ["voc", "."])
def test_boxes(tmp_path, below):
    make_voc(tmp_path / below)
    dataset = load_voc(tmp_path, download=False)
    assert len(dataset) == 2
    assert (len(dataset.classes), dataset.classes[12], dataset.classes[15]) == (21, "dog", "person")
    image, target = dataset[1]
    assert image.shape == (3, 2, 3)
    assert target["boxes"].tolist() == [[0, 0, 2, 2], [1, 0, 3, 2]]
    assert target["labels"].tolist() == [12, 15]
    assert target["difficult"].tolist() == [True, True]
    assert dataset[0][1]["boxes"].tolist() == [[0.5, 0, 2.5, 2]]


def test_classes_of_pixels(tmp_path):
    make_voc(tmp_path)
    image, labels = load_voc(tmp_path, download=False, task="segmentation")[0]
    assert image.shape == (3, 2, 3)
    assert labels.dtype == torch.int64
    assert labels.tolist() == LABELS.tolist()


def test_the_test_split_is_of_2007(tmp_path):
    make_voc(tmp_path, "2007", "test")
    assert len(load_voc(tmp_path, download=False, year="2007", split="test")) == 2
    with pytest.raises(ValueError, match="split must be one of train, val, trainval; got 'test'"):
        load_voc(tmp_path, split="test")
    with pytest.raises(ValueError, match="year must be one of"):
        load_voc(tmp_path, year=2012)
    with pytest.raises(ValueError, match="task must be one of"):
        load_voc(tmp_path, task="boxes")


def test_bad_records(tmp_path):
    base = make_voc(tmp_path)
    write(base / "Annotations" / "b.xml", voc_xml(("ghost", 1, 1, 2, 2), ("cat", 1, 1, 2, 2), size=None))
    with pytest.raises(BadFile, match=r"b\.xml: one of aeroplane, .* was expected; got 'ghost'"):
        load_voc(tmp_path)
    dataset = load_voc(tmp_path, bad="skip")
    assert (len(dataset), len(dataset.bad), len(dataset[0][1]["labels"])) == (2, 1, 1)
    cut(base / "JPEGImages" / "b.jpg")
    dataset = load_voc(tmp_path, bad="skip")
    assert (len(dataset), dataset[0][1]["image_id"]) == (1, 0)
    assert len(load_voc(tmp_path, bad="skip", task="segmentation").bad) == 1


@pytest.mark.parametrize(
    ("classes", "names", "value"),
    [("pet", ("background", "pet"), 1), ("species", ("background", "cat", "dog"), 2), ("breed", None, 15)],
)
def test_pets(tmp_path, classes, names, value):
    make_pets(tmp_path)
    dataset = load_oxford_pets(tmp_path, download=False, classes=classes)
    assert len(dataset) == 3
    image, labels = dataset[1]
    assert image.shape == (3, 2, 3)
    assert labels.tolist() == [[value, 0, 255], [value, value, 0]]
    if names:
        assert dataset.classes == names
    else:
        assert (len(dataset.classes), dataset.classes[1], dataset.classes[15]) == (38, "Abyssinian", "great pyrenees")


def test_bad_pets(tmp_path):
    base = make_pets(tmp_path)
    save(base / "annotations" / "trimaps" / "Abyssinian_3.png", TRIMAP * 0)
    with pytest.raises(BadFile, match=r"values \[1, 2, 3\] were expected; got \[0\]"):
        load_oxford_pets(tmp_path)[2]
    cut(base / "images" / "Abyssinian_1.jpg")
    dataset = load_oxford_pets(tmp_path, bad="skip", classes="breed")
    assert (len(dataset), len(dataset.bad)) == (1, 2)
    assert dataset[0][1][0, 0] == 15
    save(base / "images" / "Abyssinian_1.jpg", noise(2, 3))
    save(base / "annotations" / "trimaps" / "Abyssinian_3.png", TRIMAP)
    for line in ("Abyssinian_1 1 1", "Abyssinian_1 1 x 1", "Abyssinian_1 38 1 1", "Abyssinian_1 1 3 1"):
        write(base / "annotations" / "trainval.txt", f"Abyssinian_3 1 1 1\n{line}\n")
        with pytest.raises(BadFile, match=r"trainval\.txt: line 2"):
            load_oxford_pets(tmp_path)
        assert len(load_oxford_pets(tmp_path, bad="skip")) == 1
    with pytest.raises(ValueError, match="classes must be one of"):
        load_oxford_pets(tmp_path, classes="cat")


@pytest.mark.parametrize(
    ("load", "name", "address"),
    [
        (load_voc, "VOCDetection", "VOCtrainval_11-May-2012.tar"),
        (load_oxford_pets, "OxfordIIITPet", "annotations.tar.gz"),
    ],
)
def test_offline(tmp_path, monkeypatch, capfd, load, name, address):
    with pytest.raises(DataNotFound, match=rf"download=False(.|\n)*{address}"):
        load(tmp_path, download=False)

    def fails(root, **_):
        (root / "voc" if name == "OxfordIIITPet" else root).mkdir(parents=True, exist_ok=True)
        print("loud")
        sys.stderr.write("louder")
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(torchvision.datasets, name, fails)
    with pytest.raises(DataNotFound, match=rf"URLError: .*no network(.|\n)*{address}"):
        load(tmp_path)
    assert capfd.readouterr() == ("", "")


def test_torchvision_downloads_into_our_folder(tmp_path, monkeypatch):
    real = torchvision.datasets.VOCDetection

    def downloads(root, **options):
        make_voc(root)
        return real(root, **{**options, "download": False})

    monkeypatch.setattr(torchvision.datasets, "VOCDetection", downloads)
    assert len(load_voc(tmp_path)) == 2
    assert (tmp_path / "voc" / "VOCdevkit").is_dir()

    def downloads_pets(root, **_):
        make_pets(root)

    monkeypatch.setattr(torchvision.datasets, "OxfordIIITPet", downloads_pets)
    assert len(load_oxford_pets(tmp_path)) == 3
