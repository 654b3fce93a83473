"""No picture of a data set is published unless its licence allows it."""

import pytest
from seeing_book.licences import MAY_BE_SHOWN, RESEARCH_ONLY, reason, refusal
from seeing_book.witness import Reading

from seeing.data import bccd, camvid, penn_fudan, pets, voc


@pytest.mark.parametrize(
    "path",
    [
        "/data/camvid/test/0001TP_008550.png",
        "/data/CamVid/testannot/0001TP_008550.png",
        "/home/a/camvid/notes.txt",
        "/data/PennFudanPed/PNGImages/FudanPed00001.png",
        "/data/pennfudan/a.jpg",
        "/data/VOCdevkit/VOC2007/JPEGImages/000001.jpg",
        "/data/coco/val2017/1.jpg",
        "/home/a/me.JPG",
        "/home/a/frames.npz",
        "/data/frames.zip",
    ],
)
def test_what_is_for_research_or_unknown_is_refused(path):
    assert reason(path)
    failure = refusal("streets", Reading(files=[path]))
    assert failure.page == "streets"
    assert path in failure.what


@pytest.mark.parametrize("path", ["/data/bccd/JPEGImages/BloodImage_00000.jpg", "/tmp/words.txt", "/data/compas/x.csv"])
def test_what_may_be_shown_or_is_no_picture_is_not(path):
    assert reason(path) is None
    assert refusal("cells", Reading(files=[path])) is None


def test_a_folder_that_was_listed_is_enough():
    assert refusal("streets", Reading(folders=["/data/camvid/test"]))
    assert refusal("streets", Reading(asked=["/data"])) is None


def test_every_data_set_of_pictures_has_a_verdict():
    for source in (camvid.SOURCE, penn_fudan.SOURCE):
        assert {source.name, *(alias.lower() for alias in source.aliases)} <= set(RESEARCH_ONLY)
    for source in (bccd.SOURCE, pets.SOURCE):
        assert source.name in MAY_BE_SHOWN
    assert voc.FOLDER.lower() in RESEARCH_ONLY
