"""BCCD and the XML form of annotations: the real cells, small sets, and files that attack."""

import pytest
import torch

from seeing.data import BadFile, load_bccd
from seeing.data.bccd import KNOWN_BAD
from seeing.data.files import Refusals
from seeing.data.voc_xml import read_voc_xml, to_target
from tests.seeing.data.trees import cut, noise, save, voc_xml, write

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE annotation [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><annotation><object><name>&c;</name></object></annotation>'
)
THIEF = (
    '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/hostname">]><annotation><object><name>&f;</name></object></annotation>'
)


def add(folder, name, *objects, **options):
    save(folder / "JPEGImages" / f"{name}.jpg", noise(6, 8))
    return write(folder / "Annotations" / f"{name}.xml", voc_xml(*objects, **options))


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "bccd" / "BCCD"
    add(folder, "BloodImage_00000", ("WBC", 1, 2, 5, 6), ("RBC", 0, 0, 8, 6))
    add(folder, "BloodImage_00001")
    add(folder, "BloodImage_00338", ("RBC", 5, 3, 5, 3), ("Platelets", 1, 1, 2, 2))
    write(folder / "ImageSets" / "Main" / "test.txt", "BloodImage_00338\nBloodImage_00000\n")
    return tmp_path


@pytest.mark.parametrize("split", [("all", 364), ("train", 205), ("val", 87), ("trainval", 292), ("test", 72)])
def test_the_real_cells(real_data, split):
    assert len(load_bccd(real_data, download=False, split=split[0])) == split[1]


def test_the_real_set_holds_two_boxes_without_an_area(real_data):
    dataset = load_bccd(real_data, download=False)
    assert [record.file.rpartition("/")[2] for record in dataset.bad] == list(KNOWN_BAD)
    assert len(load_bccd(real_data, download=False, bad="skip").bad) == 2
    labels = torch.cat([dataset.target(i)["labels"] for i in range(364)])
    assert labels.bincount().tolist() == [0, 4153, 372, 361]
    with pytest.raises(ValueError, match=r"BloodImage_00338\.xml: a box with an area was expected; RBC has xmin 504"):
        load_bccd(real_data, download=False, bad="raise")
    image, target = dataset[0]
    assert image.shape == (3, 480, 640)
    assert target["boxes"][0].tolist() == [260, 177, 491, 376]
    assert dataset.classes[target["labels"][0]] == "WBC"


def test_by_hand(tree):
    dataset = load_bccd(tree)
    assert len(dataset) == 3
    image, target = dataset[0]
    assert image.shape == (3, 6, 8)
    assert target["boxes"].tolist() == [[1, 2, 5, 6], [0, 0, 8, 6]]
    assert target["labels"].tolist() == [2, 1]
    assert target["area"].tolist() == [16, 48]
    assert target["difficult"].tolist() == [False, False]
    assert dataset[1][1]["boxes"].shape == (0, 4)
    assert dataset[2][1]["labels"].tolist() == [3]
    assert len(dataset.bad) == 1
    assert [t["image_id"] for t in dataset.targets] == [0, 1, 2]


def test_a_target_may_be_changed_without_changing_the_set(tree):
    dataset = load_bccd(tree)
    dataset[0][1]["boxes"] += 5
    assert dataset[0][1]["boxes"][0].tolist() == [1, 2, 5, 6]


def test_the_default_raises_at_damage_that_is_not_known(tree):
    add(tree / "bccd" / "BCCD", "BloodImage_00002", ("RBC", 5, 3, 5, 9), ("RBC", 1, 1, 2, 2))
    with pytest.raises(BadFile, match=r"BloodImage_00002\.xml"):
        load_bccd(tree)
    dataset = load_bccd(tree, bad="skip")
    assert (len(dataset), len(dataset.bad)) == (4, 2)
    assert len(dataset[2][1]["labels"]) == 1


def test_a_picture_that_is_cut_off_or_missing(tree):
    folder = tree / "bccd" / "BCCD" / "JPEGImages"
    cut(folder / "BloodImage_00000.jpg")
    with pytest.raises(BadFile, match=r"BloodImage_00000\.jpg"):
        load_bccd(tree)[0]
    (folder / "BloodImage_00001.jpg").unlink()
    with pytest.raises(BadFile, match=r"BloodImage_00001\.jpg: there is no such file"):
        load_bccd(tree)
    dataset = load_bccd(tree, bad="skip")
    assert (len(dataset), len(dataset.bad)) == (1, 3)


def test_lists_and_arguments(tree):
    assert [p.stem for p in load_bccd(tree, split="test").pictures] == ["BloodImage_00000", "BloodImage_00338"]
    with pytest.raises(ValueError, match="split must be one of"):
        load_bccd(tree, split="tset")
    with pytest.raises(ValueError, match="bad must be one of known, raise, skip; got 'no'"):
        load_bccd(tree, bad="no")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "it declares one"),
        (THIEF, "it declares one"),
        (BOMB.encode("utf-16"), "it declares one"),
        ("", "the file is empty"),
        ("<annotation><object>", "XML was expected; no element found"),
        ("not xml", "XML was expected"),
        ("<html></html>", "an <annotation> was expected; got <html>"),
        ("<annotation>\0</annotation>", "XML was expected"),
        ("<annotation>&nbsp;</annotation>", "XML was expected; undefined entity"),
        ("<annotation><object><bndbox/></object></annotation>", "object 1: a <name> was expected"),
        (
            "<annotation><object><name>RBC</name></object></annotation>",
            r"\(RBC\): a box <bndbox> was expected; got <name>",
        ),
        (voc_xml(("RBC", 1, 2, "x", 4)), "<xmax>; got 'x'"),
        (voc_xml(("RBC", 1, "nan", 3, 4)), "<ymin>; got 'nan'"),
        (voc_xml(("RBC", 1, 2, 3, "inf")), "<ymax>; got 'inf'"),
        (voc_xml(("RBC", 1, 2, 3, 4), difficult=2), "0 or 1 was expected as <difficult>; got '2'"),
    ],
)
def test_malformed_and_hostile_xml(tmp_path, text, message):
    path = write(tmp_path / "a.xml", text)
    with pytest.raises(ValueError, match=rf"a\.xml: .*{message}"):
        read_voc_xml(path, Refusals("raise"))


def test_a_bad_object_is_skipped_and_the_others_kept(tmp_path):
    path = write(tmp_path / "a.xml", voc_xml(("RBC", 1, 2, "x", 4), ("RBC", 1, 2, 3, 4), ("", 1, 2, 3, 4)))
    refusals = Refusals("skip")
    assert [thing.corners for thing in read_voc_xml(path, refusals).objects] == [(1, 2, 3, 4)]
    assert len(refusals.records) == 2


def test_parts_of_an_object_are_no_objects(tmp_path):
    text = voc_xml(("person", 1, 2, 30, 40)).replace("</object>", "<part><name>head</name><bndbox/></part></object>")
    (thing,) = read_voc_xml(write(tmp_path / "a.xml", text), Refusals("raise")).objects
    assert (thing.name, thing.corners) == ("person", (1, 2, 30, 40))


@pytest.mark.parametrize(
    ("inclusive", "corners", "box"),
    [(False, (1, 2, 5, 6), [1, 2, 5, 6]), (True, (1, 2, 5, 6), [0, 1, 5, 6]), (True, (3, 3, 3, 3), [2, 2, 3, 3])],
)
def test_corners_are_sides_or_pixels(tmp_path, inclusive, corners, box):
    path = write(tmp_path / "a.xml", voc_xml(("b", *corners)))
    objects = read_voc_xml(path, Refusals("raise")).objects
    target = to_target(path, objects, ("-", "a", "b"), Refusals("raise"), inclusive=inclusive, image_id=9)
    assert target["boxes"].tolist() == [box]
    assert target["labels"].tolist() == [2]


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (("c", 1, 2, 3, 4), "one of a, b was expected; got 'c'"),
        (("-", 1, 2, 3, 4), "got '-'"),
        (("a", 3, 2, 1, 4), "a box with an area was expected; a has xmin 3, ymin 2, xmax 1, ymax 4"),
        (("a", 1, 2, 3, 2), "ymax 2"),
    ],
)
def test_bad_objects(tmp_path, thing, message):
    path = write(tmp_path / "a.xml", voc_xml(thing))
    objects = read_voc_xml(path, Refusals("raise")).objects
    with pytest.raises(BadFile, match=message):
        to_target(path, objects, ("-", "a", "b"), Refusals("raise"), inclusive=False, image_id=0)
