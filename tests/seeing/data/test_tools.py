"""What labelling tools write, in their layouts: small exports of our own making, with each tool's habits."""

import json
import math

import pytest
import torch

from seeing.data import BadFile, load_coco, load_voc_folder
from tests.seeing.data.trees import noise, save, voc_xml, write

HEIGHT, WIDTH = 30, 40
BOX = [4, 5, 14, 25]  # of the one object in the first picture, as corners


def coco(annotation=None, image=None, categories=None, **more):
    """One picture with one object, and one without."""
    images = [
        {"id": 0, "file_name": "a.jpg", "height": HEIGHT, "width": WIDTH},
        {"id": 1, "file_name": "b.jpg", "height": HEIGHT, "width": WIDTH},
    ]
    thing = {"id": 0, "image_id": 0, "category_id": 1, "bbox": [4, 5, 10, 20], "area": 200, "iscrowd": 0}
    return {
        "images": [{**images[0], **(image or {})}, {**images[1]}],
        "categories": categories or [{"id": 1, "name": "cat"}],
        "annotations": [{**thing, **(annotation or {})}],
        **more,
    }


def without(record, *keys):
    return {key: value for key, value in record.items() if key not in keys}


def roboflow():
    """`train/_annotations.coco.json` beside the pictures; ids from 0, and a category 0 for the project's name."""
    categories = [
        {"id": 0, "name": "pets", "supercategory": "none"},
        {"id": 1, "name": "cat", "supercategory": "pets"},
    ]
    image = {"license": 1, "date_captured": "2024-01-01T00:00:00+00:00", "extra": {"name": "a.jpg"}}
    content = coco({"segmentation": []}, image, categories, info={"contributor": "Roboflow"}, licenses=[{"id": 1}])
    return "train/_annotations.coco.json", "train", content


def cvat():
    """`annotations/instances_default.json` and `images/default`; ids from 1, attributes, empty fields."""
    content = coco({"id": 1, "segmentation": [], "area": 200.0, "attributes": {"occluded": False, "rotation": 0.0}})
    content["images"][0] |= {"license": 0, "flickr_url": "", "coco_url": "", "date_captured": 0}
    return "annotations/instances_default.json", "images/default", content


def label_studio():
    """`result.json` with paths below its own folder; on Windows they have backslashes; a size may be null."""
    content = coco({"segmentation": [], "ignore": 0})
    content["images"][0]["file_name"] = "images\\a.jpg"
    content["images"][1] |= {"file_name": "images/b.jpg", "width": None, "height": None}
    return "result.json", ".", content


def datumaro():
    """`annotations/instances_train.json` and `images/train`; outlines, and attributes with a score."""
    outline = [[4, 5, 14, 5, 14, 25, 4, 25]]
    content = coco({"segmentation": outline, "attributes": {"score": 0.5, "is_crowd": False}}, info={"year": ""})
    content["categories"][0]["supercategory"] = ""
    return "annotations/instances_train.json", "images/train", content


def pylabel():
    """Made from a table: quoted category ids, floats, nulls, and columns of other formats."""
    content = coco(
        {
            "category_id": "1",
            "image_id": 0.0,
            "iscrowd": 0.0,
            "segmentation": None,
            "area": None,
            "segmented": "0",
            "pose": None,
            "difficult": "0",
        }
    )
    content["images"][0] |= {"width": 40.0, "height": 30.0, "folder": ""}
    content["categories"][0]["supercategory"] = None
    return "dataset.json", "images", content


def lvis():
    """No `file_name`: the address at COCO names split and file; no crowds, other fields."""
    content = coco({"segmentation": [[4, 5, 14, 5, 14, 25, 4, 25]]})
    for image, name in zip(content["images"], ("a", "b"), strict=True):
        del image["file_name"]
        image |= {
            "coco_url": f"http://images.cocodataset.org/train2017/{name}.jpg",
            "not_exhaustive_category_ids": [],
            "neg_category_ids": [3],
        }
    content["annotations"] = [without(a, "iscrowd") for a in content["annotations"]]
    content["categories"][0] |= {"synset": "cat.n.01", "frequency": "f", "synonyms": ["cat"]}
    return "lvis_v1_train.json", "coco", content


TOOLS = {f.__name__: f for f in (roboflow, cvat, label_studio, datumaro, pylabel, lvis)}


def place(root, images, content):
    for image in content["images"]:
        name = image.get("file_name", image.get("coco_url", "").replace("http://images.cocodataset.org/", ""))
        save(root / images / name.replace("\\", "/"), noise(HEIGHT, WIDTH))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("tool", TOOLS)
def test_what_tools_write_as_coco(tmp_path, tool, mark):
    name, images, content = TOOLS[tool]()
    path = write(tmp_path / name, mark + json.dumps(content))
    place(tmp_path, images, content)
    for bad in ("raise", "skip"):
        dataset = load_coco(annotations=path, images=tmp_path / images, bad=bad)
        assert (len(dataset), dataset.bad, dataset.image_ids) == (2, (), (0, 1))
        image, target = dataset[0]
        assert image.shape == (3, HEIGHT, WIDTH)
        assert target["boxes"].tolist() == [BOX]
        assert [dataset.classes[label] for label in target["labels"]] == ["cat"]
        assert (target["area"].tolist(), target["iscrowd"].tolist()) == ([200], [False])
        assert len(dataset[1][1]["labels"]) == 0


@pytest.mark.parametrize(("tool", "pixels"), [(roboflow, 0), (cvat, 0), (datumaro, 200), (lvis, 200)])
def test_their_masks(tmp_path, tool, pixels):
    """An empty list of outlines, as tools write for a box, is an empty mask."""
    name, _, content = tool()
    dataset = load_coco(annotations=write(tmp_path / name, json.dumps(content)), masks=True)
    assert dataset.target(0)["masks"].sum() == pixels


@pytest.mark.parametrize("tool", [label_studio, pylabel])
def test_masks_that_they_do_not_write_are_refused_by_name(tmp_path, tool):
    name, _, content = tool()
    path = write(tmp_path / name, json.dumps(content))
    field = "height" if tool is label_studio else "segmentation"
    with pytest.raises(BadFile, match=f'"{field}" must be .*; got None'):
        load_coco(annotations=path, masks=True)
    assert len(load_coco(annotations=path, masks=True, bad="skip").bad) == 1


@pytest.mark.parametrize("below", ["train2017", "."])
def test_lvis_pictures_with_the_splits_folder_or_without(tmp_path, below):
    name, _, content = lvis()
    path = write(tmp_path / name, json.dumps(content))
    for picture in ("a", "b"):
        save(tmp_path / "coco" / below / f"{picture}.jpg", noise(HEIGHT, WIDTH))
    dataset = load_coco(annotations=path, images=tmp_path / "coco")
    assert dataset[1][0].shape == (3, HEIGHT, WIDTH)
    (tmp_path / "coco" / below / "b.jpg").unlink()
    with pytest.raises(BadFile, match=r"train2017.b\.jpg: .*no such file"):
        dataset[1]


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ({"id": "first"}, "\"id\" must be int; got 'first'"),
        ({"id": 0.5}, '"id" must be int; got 0.5'),
        ({"id": True}, '"id" must be int; got True'),
        ({"id": "1"}, "image 1: the id 1 is taken"),
        ({"width": 40.5}, '"width" must be int; got 40.5'),
        ({"width": "wide"}, "\"width\" must be int; got 'wide'"),
        ({"width": -1}, "a size of 1 to"),
        ({"width": 10**12}, "a size of 1 to"),
        ({"file_name": "C:\\pictures\\a.jpg"}, "a name below the folder of pictures was expected"),
        ({"file_name": "\\\\server\\a.jpg"}, "a name below the folder of pictures was expected"),
        ({"file_name": "..\\a.jpg"}, "a name below the folder of pictures was expected"),
        ({"file_name": ""}, "a name below the folder of pictures was expected"),
        ({"file_name": None}, '"file_name" must be str; got None'),
        ({"file_name": None, "coco_url": ""}, "a name below the folder of pictures was expected"),
        ({"file_name": None, "coco_url": "http://x/../../a.jpg"}, "a name below the folder"),
    ],
)
def test_records_of_pictures_that_are_refused(tmp_path, image, message):
    path = write(tmp_path / "a.json", json.dumps(coco(image=image)))
    with pytest.raises(BadFile, match=rf"a\.json: image \d: .*{message}|{message}"):
        load_coco(annotations=path)
    kept = load_coco(annotations=path, bad="skip")
    # An annotation whose picture has no id is a second fault; and of two pictures with one id none is kept.
    assert len(kept.bad) == (1 if "id" not in image else 3 if image["id"] == "1" else 2)
    assert len(kept) == (0 if image.get("id") == "1" else 1)


@pytest.mark.parametrize(
    "image",
    [
        {"width": 0, "height": 0},
        {"width": None},
        {"width": "40", "height": "30"},
        {"id": "0"},
        {"id": 0.0},
        {"file_name": "./a.jpg"},
    ],
)
def test_records_of_pictures_that_are_read(tmp_path, image):
    path = write(tmp_path / "a.json", json.dumps(coco(image=image)))
    for name in ("a.jpg", "b.jpg"):
        save(tmp_path / name, noise(HEIGHT, WIDTH))
    assert load_coco(annotations=path, images=tmp_path)[0][1]["boxes"].tolist() == [BOX]


def test_sizes_may_be_missing_where_only_boxes_are_read(tmp_path):
    content = coco()
    content["images"] = [without(image, "height", "width") for image in content["images"]]
    path = write(tmp_path / "a.json", json.dumps(content))
    save(tmp_path / "a.jpg", noise(7, 9))
    assert load_coco(annotations=path, images=tmp_path)[0][0].shape == (3, 7, 9)
    with pytest.raises(BadFile, match='"height" must be int; got nothing'):
        load_coco(annotations=path, masks=True)


@pytest.mark.parametrize("name", ["first", "cat/dog"])
def test_swapped_corners_are_refused_in_both_forms(tmp_path, name):
    path = write(tmp_path / "a.json", json.dumps(coco({"bbox": [14, 5, -10, 20]})))
    with pytest.raises(BadFile, match="finite and not negative"):
        load_coco(annotations=path)
    write(tmp_path / "a.xml", voc_xml((name, 14, 5, 4, 25)))
    with pytest.raises(BadFile, match=rf"{name} has xmin 14, .* are its corners swapped\?"):
        load_voc_folder(tmp_path)


def xml(filename="a.jpg", corners=(4, 14, 5, 25), size=(HEIGHT, WIDTH), difficult="0", extra="", head=""):
    """One object; the corners in the order xmin, xmax, ymin, ymax, in which some tools write them."""
    sides = "".join(f"<{k}>{v}</{k}>" for k, v in zip(("width", "height", "depth"), (*reversed(size), 3), strict=True))
    box = "".join(f"<{k}>{v}</{k}>" for k, v in zip(("xmin", "xmax", "ymin", "ymax"), corners, strict=True))
    return (
        f"{head}<annotation><folder/><filename>{filename}</filename><source><database>Unknown</database></source>"
        f"<size>{sides}</size><segmented>0</segmented><object><name>cat</name><pose>Unspecified</pose>"
        f"<truncated>0</truncated>{difficult and f'<difficult>{difficult}</difficult>'}<bndbox>{box}</bndbox>{extra}"
        "</object></annotation>"
    )


ATTRIBUTES = "<attributes><attribute><name>rotation</name><value>0.0</value></attribute></attributes>"
XML_TOOLS = {
    # XML beside the picture; a verified mark and a path of the labeller's machine
    "labelImg": ("a.xml", "a.jpg", xml("a.jpg").replace("<folder/>", "<path>C:\\Users\\x\\a.jpg</path>")),
    # older versions write no ending and no size
    "labelImg, old": ("a.xml", "a.jpg", xml("a", size=(0, 0))),
    # beside the picture, with an outline, and its own order of corners
    "Roboflow": (
        "train/a_jpg.rf.0f1.xml",
        "train/a_jpg.rf.0f1.jpg",
        xml("a_jpg.rf.0f1.jpg", extra="<polygon><x1>4</x1><y1>5</y1></polygon>"),
    ),
    # folders of VOC, fractions of pixels, attributes that have a <name> too
    "CVAT": (
        "Annotations/default/a.xml",
        "JPEGImages/default/a.jpg",
        xml(
            "default/a.jpg",
            (4.0, 14.0, 5.0, 25.0),
            extra="<attributes><attribute><name>x</name></attribute></attributes>",
        ),
    ),
    "datumaro": ("Annotations/a.xml", "JPEGImages/a.PNG", xml("a.PNG", difficult="0").replace("<depth>3</depth>", "")),
    "Label Studio": (
        "Annotations/a.xml",
        "images/a.jpg",
        xml("a.jpg", head='<?xml version="1.0" encoding="utf-8"?>\n'),
    ),
    # a picture that was renamed together with its XML
    "renamed": ("b.xml", "b.jpeg", xml("a.jpg")),
    # an XML that was renamed alone
    "old name": ("c.xml", "a.jpg", xml("a.jpg")),
}


@pytest.mark.parametrize("tool", XML_TOOLS)
def test_what_tools_write_as_voc(tmp_path, tool):
    annotation, picture, text = XML_TOOLS[tool]
    write(tmp_path / annotation, text)
    save(tmp_path / picture, noise(HEIGHT, WIDTH))
    top = "Annotations" if annotation.startswith("Annotations/") else "."
    images = picture.split("/")[0] if top == "Annotations" else "."
    for bad in ("raise", "skip"):
        dataset = load_voc_folder(tmp_path / top, tmp_path / images, bad=bad)
        assert (len(dataset), dataset.bad, dataset.classes) == (1, (), ("background", "cat"))
        image, target = dataset[0]
        assert image.shape == (3, HEIGHT, WIDTH)
        assert target["boxes"].tolist() == [BOX]
        assert (target["labels"].tolist(), target["difficult"].tolist()) == ([1], [False])


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        *[(word, False) for word in ("", "0", "False", "no", "Unspecified", " 0 ")],
        *[(word, True) for word in ("1", "true", "YES", " 1 ")],
        *[(word, None) for word in ("2", "maybe", "-1", "0.5")],
    ],
)
def test_words_for_difficult(tmp_path, written, wanted):
    write(tmp_path / "a.xml", xml(difficult=written))
    save(tmp_path / "a.jpg", noise(HEIGHT, WIDTH))
    if wanted is None:
        with pytest.raises(BadFile, match=rf"0 or 1 was expected as <difficult>; got '{written}'"):
            load_voc_folder(tmp_path)
    else:
        assert load_voc_folder(tmp_path).target(0)["difficult"].tolist() == [wanted]


NAME = {"utf-8": "Kätzchen", "iso-8859-1": "Kätzchen", "windows-1252": "Kätzchen €", "gbk": "猫", "shift_jis": "猫"}
NAME |= {"euc-kr": "고양이", "koi8-r": "кот", "utf-16": "猫", "us-ascii": "cat", "GB2312": "猫", "UTF-8": "猫"}


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("encoding", NAME)
def test_xml_in_the_encoding_that_it_declares(tmp_path, encoding, quote):
    head = f"<?xml version={quote}1.0{quote} encoding={quote}{encoding}{quote}?>\n"
    text = xml(head=head).replace("<name>cat", f"<name>{NAME[encoding]}")
    write(tmp_path / "a.xml", text.encode(encoding))
    save(tmp_path / "a.jpg", noise(HEIGHT, WIDTH))
    assert load_voc_folder(tmp_path).classes == ("background", NAME[encoding])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (xml(head="<?xml version='1.0' encoding='utf-8'?>").encode() + b"\xe9", "UTF-8 text was expected; byte"),
        (xml().replace("cat", "Kätzchen").encode("latin-1"), "UTF-8 text was expected; byte"),
        (xml(head="<?xml version='1.0' encoding='klingon'?>").encode(), "declares the encoding 'klingon'"),
        (xml(head="<?xml version='1.0' encoding='hex'?>").encode(), "declares the encoding 'hex'"),
        (xml(head="<?xml version='1.0' encoding='ascii'?>").encode() + b"\xe9", "ascii text was expected"),
        ("<?xml version='1.0' encoding='gbk'?><!DOCTYPE a><annotation/>".encode("gbk"), "it declares one"),
        ("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a><annotation/>".encode("utf-16"), "it declares one"),
        (b"<?xml version='1.0' encoding='utf-7'?>+ADw-+ACE-DOCTYPE a><annotation/>", "it declares one"),
        (xml(size=("tall", 3)), "a whole number of pixels was expected as <height>; got 'tall'"),
        (xml(size=(-1, 3)), "a whole number of pixels was expected as <height>; got '-1'"),
    ],
)
def test_xml_that_is_refused(tmp_path, content, message):
    write(tmp_path / "a.xml", content)
    save(tmp_path / "a.jpg", noise(HEIGHT, WIDTH))
    with pytest.raises(BadFile, match=rf"a\.xml: .*{message}"):
        load_voc_folder(tmp_path)
    assert len(load_voc_folder(tmp_path, bad="skip").bad) == 1


def test_a_byte_order_mark_in_xml(tmp_path):
    write(tmp_path / "a.xml", b"\xef\xbb\xbf" + xml(head="<?xml version='1.0' encoding='utf-8'?>").encode())
    save(tmp_path / "a.jpg", noise(HEIGHT, WIDTH))
    assert len(load_voc_folder(tmp_path)) == 1


def test_classes_in_a_chosen_order_and_corners_as_in_voc(tmp_path):
    write(tmp_path / "a.xml", xml())
    save(tmp_path / "a.jpg", noise(HEIGHT, WIDTH))
    dataset = load_voc_folder(tmp_path, classes=["dog", "cat"], inclusive=True)
    assert dataset.target(0)["labels"].tolist() == [2]
    assert dataset.target(0)["boxes"].tolist() == [[3, 4, 14, 25]]
    with pytest.raises(BadFile, match="one of dog was expected; got 'cat'"):
        load_voc_folder(tmp_path, classes=["dog"])
    assert len(load_voc_folder(tmp_path, classes=["dog"], bad="skip").target(0)["labels"]) == 0


def test_pictures_that_are_missing_or_of_another_size(tmp_path):
    write(tmp_path / "a.xml", xml())
    with pytest.raises(BadFile, match=r"a\.jpg: there is no such file"):
        load_voc_folder(tmp_path)
    assert len(load_voc_folder(tmp_path, bad="skip")) == 0
    save(tmp_path / "a.jpg", noise(WIDTH, HEIGHT))
    with pytest.raises(BadFile, match=r"a\.jpg: 30x40 pixels were expected, as in its annotation; got 40x30"):
        load_voc_folder(tmp_path)[0]
    with pytest.raises(BadFile, match=r"annotations \(\.xml\) were expected; got none"):
        load_voc_folder(tmp_path / "nothing")


def test_areas(tmp_path):
    for area, wanted in [(None, 200), (7, 7), (0, 0), (7.5, 7.5)]:
        path = write(tmp_path / "a.json", json.dumps(coco({"area": area})))
        assert load_coco(annotations=path).target(0)["area"].tolist() == [wanted]
    for area in ("200", -1, math.nan, True):
        path = write(tmp_path / "a.json", json.dumps(coco({"area": area})))
        with pytest.raises(BadFile, match="area"):
            load_coco(annotations=path)


def test_a_set_without_objects(tmp_path):
    write(tmp_path / "a.xml", "<annotation/>")
    save(tmp_path / "a.png", noise(3, 4))
    image, target = load_voc_folder(tmp_path)[0]
    assert (image.shape, target["boxes"].shape) == ((3, 3, 4), (0, 4))
    assert target["labels"].dtype == torch.int64
