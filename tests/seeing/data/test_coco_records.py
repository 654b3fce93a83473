"""Ids, names and numbers of COCO's form that other people's files hold, and that must not pass in silence."""

import json

import pytest

from seeing.data import BadFile, load_coco, segmentation_to_mask
from tests.seeing.data.trees import noise, save, write

THING = {"id": 1, "image_id": 0, "category_id": 1, "bbox": [4, 5, 10, 20]}


def make(folder, annotations=(THING,), **image):
    images = [{"id": 0, "file_name": "a.jpg", **image}, {"id": 1, "file_name": "b.jpg"}]
    content = {"images": images, "annotations": list(annotations), "categories": [{"id": 1, "name": "cat"}]}
    save(folder / "b.jpg", noise(30, 40))
    save(folder / "a.jpg", noise(30, 40))
    return write(folder / "a.json", json.dumps(content))


def kept(folder):
    return load_coco(annotations=folder / "a.json", images=folder, bad="skip")


@pytest.mark.parametrize("number", ["a7", 9.5, True, [], "9.0"])
def test_an_annotations_id_is_whole(tmp_path, number):
    path = make(tmp_path, [{**THING, "id": number}])
    with pytest.raises(BadFile, match=r'a\.json: annotation 0: "id" must be int; got '):
        load_coco(annotations=path)
    assert [record.what[:12] for record in kept(tmp_path).bad] == ["annotation 0"]


@pytest.mark.parametrize(("one", "other"), [(9, 9), (9, "9"), (9, 9.0), (0, "0")])
def test_an_annotations_id_stands_once(tmp_path, one, other):
    path = make(tmp_path, [{**THING, "id": one}, {**THING, "id": other}])
    with pytest.raises(BadFile, match=rf"annotation 1: the id {one} is taken"):
        load_coco(annotations=path)
    assert len(kept(tmp_path).target(0)["boxes"]) == 1


def test_annotations_without_ids_are_read(tmp_path):
    nameless = {key: value for key, value in THING.items() if key != "id"}
    path = make(tmp_path, [nameless, nameless, {**THING, "id": None}])
    assert len(load_coco(annotations=path).target(0)["boxes"]) == 3


def test_of_two_pictures_with_one_id_neither_gets_the_others_boxes(tmp_path):
    path = make(tmp_path, id=1)
    with pytest.raises(BadFile, match="image 1: the id 1 is taken"):
        load_coco(annotations=path)
    content = json.loads(path.read_text())
    content["images"].append({"id": 0, "file_name": "b.jpg"})
    write(path, json.dumps(content))
    dataset = kept(tmp_path)
    assert dataset.image_ids == (0,)
    assert [record.what for record in dataset.bad] == [
        "image 1: the id 1 is taken",
        "image a.jpg: its id 1 is another's too: whose are its annotations?",
    ]


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ({"file_name": "https://x.org/a.jpg"}, "a name below the folder of pictures was expected"),
        ({"file_name": "s3://x/a.jpg"}, "a name below the folder of pictures was expected"),
        ({"file_name": "file:///a.jpg"}, "a name below the folder of pictures was expected"),
        ({"file_name": "a\0.jpg"}, "a name below the folder of pictures was expected"),
        ({"file_name": None, "coco_url": "http://x/a%00.jpg"}, "a name below the folder of pictures was expected"),
        ({"file_name": None, "coco_url": "http://[x/a.jpg"}, r'"coco_url" must be an address \(Invalid IPv6 URL\)'),
        ({"file_name": 300 * "a"}, "a file was expected; File name too long"),
        ({"file_name": 300 * "a" + "/a.jpg"}, "a file was expected; File name too long"),
    ],
)
def test_names_that_no_file_here_can_have(tmp_path, image, message):
    path = make(tmp_path, **image)
    with pytest.raises(BadFile, match=message):
        load_coco(annotations=path, images=tmp_path)[0]
    assert (kept(tmp_path).image_ids, len(kept(tmp_path).bad)) == ((1,), 1)


def test_fractions_of_the_sides_are_refused(tmp_path):
    path = make(tmp_path, [{**THING, "bbox": [0.1, 0.2, 0.5, 0.8]}, {**THING, "id": 2, "bbox": [0, 0, 1, 1]}])
    for bad in ("raise", "skip"):
        with pytest.raises(BadFile, match=r"a\.json: boxes in pixels were expected; .*multiply x by its width"):
            load_coco(annotations=path, bad=bad)
    for boxes in ([[0, 0, 1, 1]], [[0.1, 0.2, 0.5, 0.8], [3, 4, 5, 6]]):
        path = make(tmp_path, [{**THING, "id": i, "bbox": box} for i, box in enumerate(boxes)])
        assert len(load_coco(annotations=path).target(0)["boxes"]) == len(boxes)


@pytest.mark.parametrize(
    "segmentation",
    [
        [[True, False, True, True, False, True]],
        {"size": [True, 4], "counts": [4]},
        {"size": [1, 4], "counts": [3, True]},
    ],
)
def test_true_is_no_number_of_a_mask(segmentation):
    with pytest.raises(ValueError, match=r"outline must be|a size of|run lengths need"):
        segmentation_to_mask(segmentation, 1, 4)
