"""Which picture an XML file means, which files count, and what its numbers and its encoding may be."""

import codecs

import pytest

from seeing.data import BadFile, load_voc_folder
from tests.seeing.data.trees import noise, save, voc_xml, write

CAT = ("cat", 4, 5, 14, 25)


def xml(*objects, filename="a.jpg", head=""):
    text = voc_xml(*(objects or [CAT]), size=(30, 40))
    return head + text.replace("<annotation>", f"<annotation><filename>{filename}</filename>")


def pictures(folder, *names):
    for name in names:
        save(folder / name, noise(30, 40))


def refused(folder, message, count=1):
    """What "raise" raises on, "skip" lists, and keeps nothing of."""
    with pytest.raises(BadFile, match=message):
        load_voc_folder(folder)
    kept = load_voc_folder(folder, bad="skip")
    assert (len(kept), len(kept.bad)) == (0, count)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
def test_of_a_picture_and_its_mask_the_one_that_is_named(tmp_path, name):
    pictures(tmp_path, "a.jpg", "a.png", "a.tif")
    write(tmp_path / "a.xml", xml(filename=f"C:\\old\\{name}"))
    assert [path.name for path in load_voc_folder(tmp_path).pictures] == [name]


def test_two_pictures_of_which_none_is_named(tmp_path):
    pictures(tmp_path, "a.jpg", "a.png")
    write(tmp_path / "a.xml", xml(filename="old.jpg"))
    refused(tmp_path, r"a\.xml: one picture was expected; a\.jpg, a\.png may be meant")


def test_one_picture_of_two_annotations(tmp_path):
    pictures(tmp_path, "a.jpg", "b.jpg")
    for place in ("first/a.xml", "second/a.xml"):
        write(tmp_path / place, xml())
    refused(tmp_path, r"a\.xml: a picture of its own was expected; .*a\.jpg is that of .*a\.xml too", count=2)
    write(tmp_path / "b.xml", xml(filename="b.jpg"))
    assert [path.name for path in load_voc_folder(tmp_path, bad="skip").pictures] == ["b.jpg"]


def test_endings_in_any_case_and_what_a_mac_leaves(tmp_path):
    pictures(tmp_path, "a.jpg", "B.JPG")
    write(tmp_path / "a.xml", xml())
    write(tmp_path / "B.XML", xml(filename="B.JPG"))
    write(tmp_path / "._a.xml", b"\0\5\x16\7Mac OS X")
    write(tmp_path / "._a.jpg", b"\0\5\x16\7Mac OS X")
    (tmp_path / "folder.xml").mkdir()
    assert [path.name for path in load_voc_folder(tmp_path).pictures] == ["B.JPG", "a.jpg"]


@pytest.mark.parametrize("corner", ["1e39", "1e9", "1_4", "１４", "nan"])
def test_corners_that_are_no_numbers_of_pixels(tmp_path, corner):
    pictures(tmp_path, "a.jpg")
    write(tmp_path / "a.xml", xml(("cat", 4, 5, corner, 25)))
    with pytest.raises(BadFile, match=rf"a\.xml: object 1 \(cat\): a number was expected as <xmax>; got '{corner}'"):
        load_voc_folder(tmp_path)
    kept = load_voc_folder(tmp_path, bad="skip")
    assert (len(kept), len(kept.bad), kept.target(0)["boxes"].tolist()) == (1, 1, [])


def test_fractions_of_the_sides_are_refused(tmp_path):
    pictures(tmp_path, "a.jpg")
    write(tmp_path / "a.xml", xml(("cat", 0.1, 0.2, 0.5, 1), ("cat", 0, 0, 1, 1)))
    refused(tmp_path, r"a\.xml: corners in pixels were expected; .*multiply x by its width")
    for boxes in ([("cat", 0, 0, 1, 1)], [("cat", 0.1, 0.2, 0.5, 1), CAT]):  # pixels, however small
        write(tmp_path / "a.xml", xml(*boxes))
        assert len(load_voc_folder(tmp_path).target(0)["boxes"]) == len(boxes)


@pytest.mark.parametrize("inside", ["robndbox", "polygon"])
def test_objects_that_are_no_boxes(tmp_path, inside):
    pictures(tmp_path, "a.jpg")
    write(tmp_path / "a.xml", xml().replace("bndbox", inside))
    with pytest.raises(BadFile, match=rf"object 1 \(cat\): a box <bndbox> was expected; got .*<{inside}>"):
        load_voc_folder(tmp_path)


@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "UTF-16LE", "gbk", None])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_a_byte_order_mark_says_more_than_the_first_line(tmp_path, encoding, declared):
    head = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    pictures(tmp_path, "a.jpg")
    write(tmp_path / "a.xml", mark + xml(("Kätzchen", *CAT[1:]), head=head).encode(encoding))
    assert load_voc_folder(tmp_path).classes == ("background", "Kätzchen")


def test_utf_16_without_a_mark(tmp_path):
    pictures(tmp_path, "a.jpg")
    write(tmp_path / "a.xml", xml(head='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16-be"))
    assert len(load_voc_folder(tmp_path)) == 1


@pytest.mark.parametrize("declared", ["utf-16", "UTF_32", "ucs-2"])
def test_utf_16_that_is_only_declared(tmp_path, declared):
    pictures(tmp_path, "a.jpg")
    write(tmp_path / "a.xml", xml(head=f'<?xml version="1.0" encoding="{declared}"?>'))
    refused(tmp_path, rf"declares the encoding '{declared.lower()}' and is not in it")


@pytest.mark.parametrize("classes", ["cat", ["cat", "cat"]])
def test_classes_are_a_list_of_different_names(tmp_path, classes):
    with pytest.raises(ValueError, match="classes must be a list of different names"):
        load_voc_folder(tmp_path, classes=classes)
